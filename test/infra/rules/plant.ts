import type { Graph, Resource } from "./graph.ts";

/** A mistake that somebody could make, made in a graph. */
