import { isDeepStrictEqual } from "node:util";
import type { AttributeValue, _Record as EngineRecord } from "@aws-sdk/client-dynamodb-streams";

/** An attribute value as it stands in JSON: binary in base64. */
export type JsonAttribute =
  | { S: string }
  | { N: string }
  | { B: string }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] }
  | { BOOL: boolean }
  | { NULL: boolean }
  | { L: JsonAttribute[] }
  | { M: JsonImage };

export type JsonImage = { [name: string]: JsonAttribute };

/** One record as Lambda hands it to a function. */
export type StreamRecord = {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: string;
  eventSource: "aws:dynamodb";
  awsRegion: string;
  eventSourceARN: string;
  userIdentity?: { type: string; principalId: string };
  dynamodb: {
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number;
    Keys: JsonImage;
    NewImage?: JsonImage;
    OldImage?: JsonImage;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
  };
};

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

function toJson(value: AttributeValue): JsonAttribute {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(toJson) };
  if (value.M !== undefined) return { M: toImage(value.M) };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  throw new Error(`unknown attribute type ${Object.keys(value).join()}`);
}

const toImage = (image: Record<string, AttributeValue>): JsonImage =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toJson(value)]));

/** Translates a record of the engine into the form in which Lambda delivers it. */
export function toStreamRecord(record: EngineRecord, streamArn: string): StreamRecord {
  const { dynamodb, eventName, userIdentity } = record;
  if (!dynamodb?.SequenceNumber || !eventName) throw new Error("a stream record without number");
  const { Keys, NewImage, OldImage } = dynamodb;
  const region = streamArn.split(":")[3] ?? "";
  return {
    eventID: record.eventID ?? dynamodb.SequenceNumber,
    eventName,
    eventVersion: record.eventVersion ?? "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: region,
    eventSourceARN: streamArn,
    ...(userIdentity?.Type && userIdentity.PrincipalId
      ? { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }
      : {}),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(
        (dynamodb.ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
      ),
      Keys: toImage(Keys ?? {}),
      ...(NewImage ? { NewImage: toImage(NewImage) } : {}),
      ...(OldImage ? { OldImage: toImage(OldImage) } : {}),
      SequenceNumber: dynamodb.SequenceNumber,
      SizeBytes: dynamodb.SizeBytes ?? 0,
      StreamViewType: dynamodb.StreamViewType ?? "NEW_AND_OLD_IMAGES",
    },
  };
}

/** The embedded engine also reports writes that changed nothing; the service does not. */
export const changesNothing = ({ eventName, dynamodb }: StreamRecord): boolean =>
  eventName === "MODIFY" && isDeepStrictEqual(dynamodb.NewImage, dynamodb.OldImage);
