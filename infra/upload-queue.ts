import { workQueue } from "./queue.ts";

/** A queue that receives a message for every object created in the bucket, from this bucket alone. */
export function uploadQueue(
  name: string,
  bucket: sst.aws.Bucket,
  prefix: string,
  consumerTimeoutSeconds: number,
): sst.aws.Queue {
  const queue = workQueue(name, consumerTimeoutSeconds);
  const policy = new aws.sqs.QueuePolicy(`${name}Policy`, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          principals: [{ type: "Service", identifiers: ["s3.amazonaws.com"] }],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [bucket.arn] }],
        },
      ],
    }).json,
  });
  new aws.s3.BucketNotification(
    `${name}Notification`,
    {
      bucket: bucket.name,
      queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*"], filterPrefix: prefix }],
    },
    { dependsOn: [policy] },
  );
  return queue;
}
