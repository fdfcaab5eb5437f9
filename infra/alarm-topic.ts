import { physicalName } from "./stage.ts";

/** Known before the topic is: everything that can fail names it. */
export function alarmTopicArn(): $util.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return $interpolate`arn:${partition}:sns:${region}:${accountId}:${physicalName("Alarms")}`;
}

/**
 * Where alarms go. It is not encrypted with AWS's own key: alarms cannot publish to such a topic, and what they say is no secret.
 * @param email who is told; asked by mail to confirm
 */
export function alarmTopic(email: $util.Input<string> | undefined): aws.sns.Topic {
  const topic = new aws.sns.Topic("Alarms", { name: physicalName("Alarms") });
  const { accountId } = aws.getCallerIdentityOutput();
  new aws.sns.TopicPolicy("AlarmsPolicy", {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sns:Publish"],
          resources: [topic.arn],
          principals: [
            {
              type: "Service",
              identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"],
            },
          ],
          conditions: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] },
          ],
        },
      ],
    }).json,
  });
  if (email !== undefined) {
    new aws.sns.TopicSubscription("AlarmsByMail", {
      topic: topic.arn,
      protocol: "email",
      endpoint: email,
    });
  }
  return topic;
}
