import type { Graph, Resource } from "./graph.ts";

/** A mistake that somebody could make, made in a graph. */
export type Plant = (graph: Graph) => void;
export type Change = (inputs: Record<string, unknown>, resource: Resource) => void;

export const first = (graph: Graph, type: string, name: RegExp): Resource => {
  const found = graph.resources.find((each) => each.type.endsWith(type) && name.test(each.name));
  if (!found) throw new Error(`no ${type} like ${name}`);
  return found;
};

export const change =
  (type: string, name: RegExp, apply: Change): Plant =>
  (graph) => {
    const found = first(graph, type, name);
    apply(found.inputs, found);
  };

export const remove =
  (type: string, name: RegExp): Plant =>
  (graph) => {
    const found = first(graph, type, name);
    graph.resources = graph.resources.filter((each) => each !== found);
  };

export const copy =
  (type: string, name: RegExp, apply: Change): Plant =>
  (graph) => {
    const twin = structuredClone(first(graph, type, name));
    apply(twin.inputs, twin);
    graph.resources.push(twin);
  };

export const inText =
  (type: string, name: RegExp, field: string, from: string, to: string): Plant =>
  (graph) => {
    const found = first(graph, type, name);
    const before = JSON.stringify(found.inputs[field]);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${from} is not in ${before}`);
    found.inputs[field] = JSON.parse(after);
  };

export const grant = (from: string, to: string) =>
  inText(":Role", /^HttpAppRole$/, "inlinePolicies", from, to);
export const machine = (from: string, to: string) =>
  inText(
    ":StateMachine",
    /./,
    "definition",
    JSON.stringify(from).slice(1, -1),
    JSON.stringify(to).slice(1, -1),
  );
export const mapping = (name: RegExp, apply: Change) => change(":EventSourceMapping", name, apply);
export const target = (apply: (target: Record<string, unknown>) => void) =>
  change(":Schedule", /Tick/, (inputs) => apply(inputs["target"] as Record<string, unknown>));
