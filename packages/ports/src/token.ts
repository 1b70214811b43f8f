/**
 * A port has one provider and many users. Its identity is the text `id@major`, never the object, so that two copies of a package still meet.
 * Functions of a port are asynchronous and take and return cloneable values: the user may run in another process.
 */
export interface Port<Value> {
  readonly kind: "port";
  readonly key: `${string}@${number}`;
  /** Only a type; never set. */
  readonly value?: Value;
}

/** A slot has one host (the shell or a feature) and many contributors. */
export interface Slot<Contribution> {
  readonly kind: "slot";
  readonly key: `${string}@${number}`;
  /** Only a type; never set. */
  readonly contribution?: Contribution;
}

export function port<Value>(id: string, major: number): Port<Value> {
  return { kind: "port", key: keyOf(id, major) };
}

export function slot<Contribution>(id: string, major: number): Slot<Contribution> {
  return { kind: "slot", key: keyOf(id, major) };
}

/** A bad id is a bug of who wrote it. */
function keyOf(id: string, major: number): `${string}@${number}` {
  if (!/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/.test(id)) throw new Error(`a token is named feature.thing in camel case: ${id}`);
  if (!Number.isInteger(major) || major < 1) throw new Error(`the major version of ${id} is a whole number from 1`);
  return `${id}@${major}`;
}
