import { alarmTopicArn } from "./alarm-topic.ts";
import { physicalName, stageKind } from "./stage.ts";

/** US$ a month. */
const monthlyDollars = { personal: 20, staging: 100, production: 1000 };

/**
 * Tells the topic when a stage costs more than was planned. It counts what bears the tag that SST gives every resource, once
 * `sst:stage` is made a cost allocation tag in the billing console.
 */
export const monthlyBudget = (): aws.budgets.Budget =>
  new aws.budgets.Budget("Budget", {
    name: physicalName("Budget"),
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(monthlyDollars[stageKind($app.stage)]),
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: [`user:sst:stage$${$app.stage}`] }],
    notifications: [
      { notificationType: "ACTUAL", threshold: 80 },
      { notificationType: "FORECASTED", threshold: 100 },
    ].map((one) => ({
      ...one,
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [alarmTopicArn()],
    })),
  });
