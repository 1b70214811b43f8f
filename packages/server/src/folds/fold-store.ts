import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { definitionHash, stateFrom, upcastState, type AnyFold, type FoldInstance, type FoldState, type Instant } from "@doppelwerk/world";

/** The newest are for a restart and for late data; of older ones one a shift is kept, for what begins in the past. */
const KEPT = 6;
const KEPT_APART: Instant = 8 * 3_600_000_000;
const KEPT_OLD = 42;
const END = ".fold";

export interface StoredInstance extends FoldInstance {
  readonly fold: AnyFold;
}

export type StoreFault = (error: unknown, file: string, what: string) => void;

/** A state that is larger than its fold allows. */
export class FoldTooLarge extends Error {}

interface Named {
  readonly name: string;
  readonly hash: string;
  readonly at: Instant;
}

/**
 * States of folds on disk, by the hash of fold, version, subject and definition, and by instant. A cache: any file may be missing or damaged, and the past
 * is derived from the historian. Used by the main thread and by the workers that derive.
 */
export class FoldStore {
  readonly #directory: string;
  readonly #onFault: StoreFault;

  constructor(directory: string, onFault: StoreFault) {
    this.#directory = directory;
    this.#onFault = onFault;
    mkdirSync(directory, { recursive: true });
  }

  /** Throws FoldTooLarge. Where the disk is full the past is derived from an older state. */
  save(instance: StoredInstance, state: FoldState): void {
    const { fold } = instance;
    const text = JSON.stringify(state);
    if (text.length > fold.state.maxBytes)
      throw new FoldTooLarge(`a state of ${fold.id} has ${text.length} bytes, more than ${fold.state.maxBytes}`);
    const hash = hashOf(instance);
    const name = `${hash}-${String(state.at).padStart(17, "0")}${END}`;
    const path = join(this.#directory, name);
    try {
      writeFileSync(`${path}.new`, deflateSync(text, { level: 1 }));
      renameSync(`${path}.new`, path);
    } catch (error) {
      this.#onFault(error, name, "a checkpoint could not be kept");
      rmSync(`${path}.new`, { force: true });
      return;
    }
    this.#prune(hash);
  }

  /** Instants before `before` at which every one of the instances has a state, newest first. */
  common(instances: readonly StoredInstance[], before: Instant): readonly Instant[] {
    const ofEach = this.#instants(instances, before);
    return [...(ofEach[0] ?? [])].filter((at) => ofEach.every((instants) => instants.has(at))).toSorted((a, b) => b - a);
  }

  /** The newest instant of any state, and the instances that have one of then, as have all whose outputs they take. */
  newest<Instance extends StoredInstance>(
    instances: readonly Instance[],
  ): { readonly at: Instant | undefined; readonly instances: readonly Instance[] } {
    const ofEach = this.#instants(instances, Number.POSITIVE_INFINITY);
    const at = Math.max(...ofEach.flatMap((instants) => [...instants]));
    let having = instances.filter((_, n) => ofEach[n]!.has(at));
    for (let before = -1; before !== having.length;) {
      before = having.length;
      const keys = new Set(having.map(({ fold, subject }) => `${fold.id}\n${subject}`));
      having = having.filter(({ inputs }) => inputs.every((input) => !("fold" in input) || keys.has(`${input.fold}\n${input.subject}`)));
    }
    return { at: having.length === 0 ? undefined : at, instances: having };
  }

  #instants(instances: readonly StoredInstance[], before: Instant): readonly ReadonlySet<Instant>[] {
    const names = this.#names();
    return this.#holders(instances, names).map((holder) => {
      const hash = hashOf(holder);
      return new Set(names.flatMap((named) => (named.hash === hash && named.at < before ? [named.at] : [])));
    });
  }

  /** The states of all of them at the newest common instant before `before`, brought to the versions of their folds; undefined where there is none. */
  nearest(instances: readonly StoredInstance[], before = Number.POSITIVE_INFINITY): readonly FoldState[] | undefined {
    const holders = this.#holders(instances, this.#names());
    for (const at of this.common(instances, before)) {
      const states = instances.map((instance, n) => this.#read(instance, holders[n]!, at));
      if (states.every((state) => state !== undefined)) return states;
    }
    return undefined;
  }

  /** Whose states hold that of each instance: its own; of one that has none yet, those of the fold that it was a part of. */
  #holders(instances: readonly StoredInstance[], names: readonly Named[]): readonly StoredInstance[] {
    const held = new Set(names.map(({ hash }) => hash));
    return instances.map((instance) => {
      const { formerly } = instance.fold.state;
      if (formerly === undefined || held.has(hashOf(instance))) return instance;
      return instances.find(({ fold, subject }) => fold.id === formerly.fold && subject === instance.subject) ?? instance;
    });
  }

  /** Drops the states from `since` on of these instances: samples came that they do not hold. */
  forget(instances: readonly StoredInstance[], since: Instant): void {
    const hashes = new Set(instances.map(hashOf));
    for (const { name, hash, at } of this.#names())
      if (at >= since && hashes.has(hash)) rmSync(join(this.#directory, name), { force: true });
  }

  #read(instance: StoredInstance, holder: StoredInstance, at: Instant): FoldState | undefined {
    const { fold, inputs } = instance;
    const name = `${hashOf(holder)}-${String(at).padStart(17, "0")}${END}`;
    try {
      const state = JSON.parse(inflateSync(readFileSync(join(this.#directory, name))).toString("utf8")) as FoldState;
      if (holder !== instance) return stateFrom(fold, inputs, state, holder.inputs);
      const upcast = upcastState(fold, state);
      if (!("refused" in upcast)) return { ...state, version: fold.state.version, state: upcast.state };
      // a newer release may come back to it
      this.#onFault(upcast.error, name, `a checkpoint of version ${state.version} is not taken (${upcast.refused})`);
      return undefined;
    } catch (error) {
      this.#onFault(error, name, "a checkpoint cannot be read; it is derived again");
      rmSync(join(this.#directory, name), { force: true });
      return undefined;
    }
  }

  #prune(hash: string): void {
    const own = this.#names().filter((named) => named.hash === hash);
    const old = own.slice(0, Math.max(0, own.length - KEPT));
    const kept = old.filter((each, i) => i === 0 || Math.floor(each.at / KEPT_APART) > Math.floor(old[i - 1]!.at / KEPT_APART));
    const last = new Set(kept.slice(-KEPT_OLD));
    for (const each of old) if (!last.has(each)) rmSync(join(this.#directory, each.name), { force: true });
  }

  /** Of an edited definition the states stay until their turn comes; they are few. */
  #names(): readonly Named[] {
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith(END))
      .map((name) => ({ name, hash: name.slice(0, name.indexOf("-")), at: Number(name.slice(name.indexOf("-") + 1, -END.length)) }))
      .sort((a, b) => a.at - b.at);
  }
}

const hashes = new WeakMap<object, string>();

function hashOf(instance: StoredInstance): string {
  let hash = hashes.get(instance);
  if (hash === undefined) {
    hash = definitionHash(instance.fold, instance).slice(0, 24);
    hashes.set(instance, hash);
  }
  return hash;
}
