import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { signalsOfRule, type AlarmRule } from "@doppelwerk/operations";
import type { Instant, RecordId } from "@doppelwerk/world";

interface Entry {
  readonly rule: AlarmRule;
  /** Somebody stored it; otherwise it is a shipped default. */
  readonly isStored: boolean;
  /** Since when it holds as it is; absent: from the beginning. */
  readonly since?: Instant;
  readonly isDeleted?: true;
  /** Signals that earlier versions were judged by: their events tell of them. */
  readonly formerSignals?: readonly RecordId[];
  /** Signals of its condition that were deleted, and since when. */
  readonly gone?: Readonly<Record<RecordId, Instant>>;
}

/** What became of alarm rules since the book was written last. */
export interface RuleChanges {
  readonly edited: readonly AlarmRule[];
  readonly deleted: readonly AlarmRule[];
  /** Defaults came or changed with the documents of the plant: their past is not known yet. */
  readonly defaultsChanged: boolean;
}

/** Since when each alarm rule holds as it is now, in a small JSON file: an edited rule does not judge the time before its edit. */
export class RuleBook {
  readonly #path: string;
  #entries: ReadonlyMap<RecordId, Entry>;
  #isNew: boolean;
  #saved: string;
  readonly #onFault: (error: unknown) => void;

  /** A damaged book is begun again: what somebody stored holds from then on, so that nothing that was seen is rewritten. */
  constructor(path: string, onFault: (error: unknown) => void) {
    this.#path = path;
    this.#onFault = onFault;
    this.#isNew = !existsSync(path);
    this.#saved = this.#isNew ? "[]" : readFileSync(path, "utf8");
    this.#entries = new Map();
    try {
      const entries = JSON.parse(this.#saved) as readonly Entry[];
      this.#entries = new Map(entries.map((entry) => [entry.rule.id, entry]));
    } catch (error) {
      onFault(error);
    }
  }

  /** Of the rules that were edited or stored later. */
  get since(): ReadonlyMap<RecordId, Instant> {
    return new Map([...this.#entries].flatMap(([id, { since }]) => (since === undefined ? [] : [[id, since]])));
  }

  /** Rules that are no more; what was seen of them stays in history. */
  get deleted(): readonly AlarmRule[] {
    return [...this.#entries.values()].flatMap(({ rule, isDeleted }) => (isDeleted ? [rule] : []));
  }

  /** Signals of rules that were deleted, and since when. */
  get gone(): ReadonlyMap<RecordId, Instant> {
    return new Map([...this.#entries.values()].flatMap(({ gone = {}, isDeleted }) => (isDeleted ? [] : Object.entries(gone))));
  }

  formerSignals(rule: RecordId): readonly RecordId[] {
    return this.#entries.get(rule)?.formerSignals ?? [];
  }

  /** What is different in `rules`; nothing is kept yet. */
  changes(rules: readonly AlarmRule[], isStored: (id: RecordId) => boolean): RuleChanges {
    const now = new Set(rules.map(({ id }) => id));
    const known = (id: RecordId): Entry | undefined => {
      const entry = this.#entries.get(id);
      return entry?.isDeleted ? undefined : entry;
    };
    const changed = rules.flatMap((rule) => {
      const entry = known(rule.id);
      return entry && !isSame(entry.rule, rule) ? [{ entry, rule }] : [];
    });
    const byPlant = changed.filter(({ entry, rule }) => !entry.isStored && !isStored(rule.id));
    return {
      edited: changed.filter((each) => !byPlant.includes(each)).map(({ entry }) => entry.rule),
      deleted: [...this.#entries.values()].flatMap(({ rule, isDeleted }) => (isDeleted || now.has(rule.id) ? [] : [rule])),
      defaultsChanged: byPlant.length > 0 || rules.some(({ id }) => known(id) === undefined && !isStored(id)),
    };
  }

  /**
   * Takes the rules as they are; those that somebody edited or stored hold from `at` on. The first rules of a world hold from the beginning. Signals for which
   * `isGone` are no more since `at`, where that was not known before.
   */
  take(
    rules: readonly AlarmRule[],
    isStored: (id: RecordId) => boolean,
    at: Instant,
    isGone: (signal: RecordId) => boolean = () => false,
  ): void {
    const next = new Map([...this.#entries].map(([id, entry]) => [id, { ...entry, isDeleted: true as const }] as [RecordId, Entry]));
    for (const rule of rules) {
      const { gone: _before, ...entry } = this.#entryOf(rule, isStored(rule.id), at);
      const known = this.#entries.get(rule.id)?.gone ?? {};
      const gone = signalsOfRule(rule).filter(isGone);
      const since = Object.fromEntries(gone.map((signal) => [signal, known[signal] ?? at]));
      next.set(rule.id, gone.length === 0 ? entry : { ...entry, gone: since });
    }
    this.#isNew = false;
    this.#entries = next;
    this.#save(JSON.stringify([...next.values()]));
  }

  /** What cannot be written now is written with the next change; until then a restart counts the rules as edited then. */
  #save(text: string): void {
    if (text === this.#saved) return;
    try {
      writeFileSync(`${this.#path}.new`, text, { flush: true });
      renameSync(`${this.#path}.new`, this.#path);
      this.#saved = text;
    } catch (error) {
      this.#onFault(error);
    }
  }

  #entryOf(rule: AlarmRule, isStored: boolean, at: Instant): Entry {
    const known = this.#entries.get(rule.id);
    if (known && !known.isDeleted && isSame(known.rule, rule)) return { ...known, isStored };
    const byPlant = !isStored && (known === undefined || !known.isStored);
    const since = byPlant ? known?.since : this.#isNew ? undefined : at;
    const former = new Set([...(known?.formerSignals ?? []), ...(known ? signalsOfRule(known.rule) : [])]);
    return {
      rule,
      isStored,
      ...(since === undefined ? {} : { since }),
      ...(former.size === 0 ? {} : { formerSignals: [...former] }),
    };
  }
}

function isSame(a: AlarmRule, b: AlarmRule): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
