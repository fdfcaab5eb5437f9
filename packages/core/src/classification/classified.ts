import { z } from "zod";
import type { ClassifiedField } from "./information.ts";

type Holder = Readonly<Record<string, unknown>>;
/** Which field of which record a value is; where it depends, by the object that holds it. */
export type Mark = ClassifiedField | ((holder: Holder) => ClassifiedField | undefined);

const marks = z.registry<{ readonly mark: Mark }>();

/**
 * Marks what a schema describes as classified. Whatever is built from the marked schema (a picked, an
 * extended or an optional one) carries the mark along, and every answer of it is filtered.
 */
export function classified<S extends z.ZodType>(mark: Mark, schema: S): S {
  const own = schema.clone();
  marks.add(own, { mark });
  return own;
}

interface Inner {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly out?: z.ZodType;
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
}
const innerOf = (schema: z.ZodType): Inner => schema.def as unknown as Inner;

/** What has the same values but for null, absence and the like. */
function unwrapped(schema: z.ZodType): z.ZodType | undefined {
  const { innerType, out } = innerOf(schema);
  return innerType ?? out;
}

export function markOf(schema: z.ZodType): Mark | undefined {
  for (let at: z.ZodType | undefined = schema; at; at = unwrapped(at)) {
    const found = marks.get(at);
    if (found) return found.mark;
  }
  return undefined;
}

/** Where in the values of a schema something classified is; undefined where there is nothing. */
export interface ClassifiedPlaces {
  readonly fields: ReadonlyMap<string, Mark>;
  readonly members: ReadonlyMap<string, ClassifiedPlaces>;
  /** Of each element of a list, or each value of a record. */
  readonly each?: ClassifiedPlaces | undefined;
}

const known = new WeakMap<z.ZodType, { readonly places: ClassifiedPlaces | undefined }>();

export function classifiedPlaces(schema: z.ZodType): ClassifiedPlaces | undefined {
  const found = known.get(schema);
  if (found) return found.places;
  // A schema that holds itself adds nothing to what it holds.
  known.set(schema, { places: undefined });
  const places = placesOf(schema);
  known.set(schema, { places });
  return places;
}

function placesOf(schema: z.ZodType): ClassifiedPlaces | undefined {
  const { shape, element, valueType, items = [], options = [], left, right } = innerOf(schema);
  if (shape) return placesOfShape(shape);
  const each = merged([element, valueType, ...items].map((one) => one && classifiedPlaces(one)));
  const inner = [unwrapped(schema), left, right, ...options];
  const same = merged(inner.map((one) => one && classifiedPlaces(one)));
  return merged([same, each && { fields: new Map(), members: new Map(), each }]);
}

function placesOfShape(shape: Readonly<Record<string, z.ZodType>>): ClassifiedPlaces | undefined {
  const fields = new Map<string, Mark>();
  const members = new Map<string, ClassifiedPlaces>();
  for (const [name, member] of Object.entries(shape)) {
    const mark = markOf(member);
    const below = mark ? undefined : classifiedPlaces(member);
    if (mark) fields.set(name, mark);
    if (below) members.set(name, below);
  }
  return fields.size + members.size === 0 ? undefined : { fields, members };
}

function merged(several: readonly (ClassifiedPlaces | undefined)[]): ClassifiedPlaces | undefined {
  const there = several.filter((one) => one !== undefined);
  if (there.length < 2) return there[0];
  const members = new Map<string, ClassifiedPlaces>();
  for (const [name, places] of there.flatMap((one) => [...one.members])) {
    const both = merged([members.get(name), places]);
    if (both) members.set(name, both);
  }
  return {
    fields: new Map(there.flatMap((one) => [...one.fields])),
    members,
    each: merged(there.map(({ each }) => each)),
  };
}

/** The members of an object schema that are classified: what may be absent from an answer. */
export const classifiedMembers = (schema: z.ZodType): readonly string[] => [
  ...(innerOf(schema).shape ? (classifiedPlaces(schema)?.fields.keys() ?? []) : []),
];
