import type { Reference, Shell, Submodel } from "../metamodel.ts";
import type { IdShortPathSegment } from "../id-short-path.ts";

/** The reference form: a model reference to a shell or a submodel, or to the element at a path below it; undefined when there is none. */
export function referenceTo(target: Shell | Submodel, path?: readonly IdShortPathSegment[]): Reference | undefined {
  throw new Error(`not built yet: ${target.id} ${path?.length}`);
}
