import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { deserializeProperties } from "@pulumi/pulumi/runtime/rpc.js";

export type Resource = {
  urn: string;
  type: string;
  name: string;
  parent: string;
  retainOnDelete: boolean;
  protect: boolean;
  inputs: Record<string, unknown>;
};

/** Keeps what Pulumi's mocks leave out: parents and retention. */
export function recordResources(): Resource[] {
  const resources: Resource[] = [];
  const { registerResource } = MockMonitor.prototype;
  MockMonitor.prototype.registerResource = function (request, answer) {
    return registerResource.call(this, request, (error, response) => {
      if (!error && request.getCustom()) {
        const inputs = request.getObject();
        resources.push({
          urn: response.getUrn(),
          type: request.getType(),
          name: request.getName(),
          parent: request.getParent(),
          retainOnDelete: request.getRetainondelete(),
          protect: request.getProtect(),
          inputs: inputs ? deserializeProperties(inputs, true) : {},
        });
      }
      answer(error, response);
    });
  };
  return resources;
}
