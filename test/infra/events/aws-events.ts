const REGION = "eu-west-1";
const ACCOUNT = "123456789012";

/** A request as an HTTP API hands it over, payload format 2.0. */
export const httpRequest = (method: string, path: string) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: {
    accept: "*/*",
    "content-length": "0",
    host: "api.concord.example",
    "user-agent": "curl/8.5.0",
    "x-amzn-trace-id": "Root=1-63441c4a-abcdef012345678912345678",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  },
  requestContext: {
    accountId: ACCOUNT,
    apiId: "r3pmxmplak",
    domainName: "api.concord.example",
    domainPrefix: "api",
    http: {
      method,
      path,
      protocol: "HTTP/1.1",
      sourceIp: "203.0.113.7",
      userAgent: "curl/8.5.0",
    },
    requestId: "JKJaXmPLvHcESHA=",
    routeKey: "$default",
    stage: "$default",
    time: "10/Mar/2027:05:16:23 +0000",
    timeEpoch: 1_804_742_183_000,
  },
  isBase64Encoded: false,
});

/** What EventBridge Scheduler hands over where no input is set. */
export const scheduled = {
  version: "0",
  id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Scheduled Event",
  source: "aws.scheduler",
  account: ACCOUNT,
  time: "2027-03-10T05:16:00Z",
  region: REGION,
  resources: [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/concord-test-TickSchedule`],
  detail: "{}",
};

/** Rows that were written, as the stream hands them over. */
export const streamed = (images: readonly object[]) => ({
  Records: images.map((NewImage, at) => ({
    eventID: `c4ca4238a0b923820dcc509a6f75849${at}`,
    eventName: "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: 1_804_742_183,
      Keys: {},
      NewImage,
      SequenceNumber: String(111_000_000_000_000_000 + at),
      SizeBytes: 26,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
    eventSourceARN: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/concord-test-TableTable/stream/2027-01-01T00:00:00.000`,
  })),
});

/** Messages as an SQS event source hands them over. */
export const delivered = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, at) => ({
    messageId: `059f36b4-87a3-44ab-83d2-66197504370${at}`,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1804742183000",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1804742183012",
    },
    messageAttributes: {},
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`,
    awsRegion: REGION,
  })),
});

/** What a bucket says of a new object, in the body of a message. */
export const objectCreated = (key: string) =>
  JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: REGION,
        eventTime: "2027-03-10T05:16:23.000Z",
        eventName: "ObjectCreated:Put",
        userIdentity: { principalId: "AWS:AIDAINPONIXQXHT3IKHL2" },
        requestParameters: { sourceIPAddress: "203.0.113.7" },
        responseElements: { "x-amz-request-id": "D82B88E5F771F645" },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId: "imports",
          bucket: {
            name: "concord-test-uploads",
            ownerIdentity: { principalId: "A3I5XTEXAMAI3E" },
            arn: "arn:aws:s3:::concord-test-uploads",
          },
          object: {
            key,
            size: 1_305_107,
            eTag: "b21b84d653bb07b05b1e6b33684dc11b",
            sequencer: "0C0F6F405D6ED209E1",
          },
        },
      },
    ],
  });

/** The test message with which a bucket begins. */
export const bucketTest = JSON.stringify({
  Service: "Amazon S3",
  Event: "s3:TestEvent",
  Time: "2027-03-10T05:16:23.000Z",
  Bucket: "concord-test-uploads",
  RequestId: "5582815E1AEA5ADF",
  HostId: "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR",
});
