import { useState } from "react";
import type { MappingEdit, ReadingVersion, StationReading, WordMeaning } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { useStore, useStudio, useTask, useWords, type Task } from "@doppelwerk/kit/studio";
import { changeCount, instantOf, withBit, withWord, type Bit, type MappingDraft, type Since } from "./mapping-draft.ts";

/** When the edit holds from, and why it is made: as typed. */
interface Terms {
  readonly since: Since;
  /** Local time; only where `since` is an instant. */
  readonly moment: string;
  readonly reason: string;
  /** The other stations of its line take the same. */
  readonly isForAll: boolean;
}

export interface Mapping {
  readonly draft: MappingDraft;
  readonly setWord: (word: string, meaning: WordMeaning | null | undefined) => void;
  readonly setBit: (bit: Bit, on: boolean) => void;
  readonly discard: () => void;
  readonly terms: Terms;
  readonly setTerms: (part: Partial<Terms>) => void;
  /** Stations of the same line that have raw words too. */
  readonly others: readonly string[];
  /** Of the draft. */
  readonly count: number;
  /** What would be stored. */
  readonly edit: MappingEdit;
  /** Something is changed, and the terms are whole. */
  readonly isReady: boolean;
  readonly task: Task;
  readonly save: () => void;
  /** Takes the reader's own last change back. */
  readonly undo: () => void;
}

/** An edit of what the words and bits of a station mean: drafted, then stored as a new version. */
export function useMapping(station: string, { versions }: StationReading, onStored: () => void): Mapping {
  const studio = useStudio();
  const { t, zone } = useWords();
  const task = useTask();
  const [draft, setDraft] = useState<MappingDraft>({});
  const [terms, setAllTerms] = useState<Terms>({ since: "record", moment: "", reason: "", isForAll: false });
  const line = useStore(studio.line);
  const isOfLine = line?.stations.some(({ id }) => id === station) === true;
  const others = isOfLine
    ? line.stations.filter(({ id, signals }) => id !== station && signals["VendorState"] !== undefined).map(({ id }) => id)
    : [];
  const setTerms = (part: Partial<Terms>): void => setAllTerms((before) => ({ ...before, ...part }));
  const { since, moment } = terms;
  const from = since === "record" ? undefined : since === "now" ? studio.now() : instantOf(moment, zone);
  const count = changeCount(draft);
  const edit: MappingEdit = { ...draft, ...(from === undefined ? {} : { from }) };
  const done = (): void => {
    setDraft({});
    setTerms({ reason: "" });
    onStored();
  };
  const undo = (): void => {
    studio.live
      .undo(LIVE)
      .then(() => {
        studio.notify("plain", t("connect.states.undone", { station }));
        done();
      })
      .catch((error: unknown) => studio.notifyFailure(error, t("branch.undoFailed")));
  };
  const save = (): void =>
    task.run(async () => {
      const reason = terms.reason.trim();
      const { version } = await studio.client.mapStates(station, {
        ...edit,
        expected: newestNumber(versions),
        ...(reason === "" ? {} : { reason }),
      });
      const also = terms.isForAll ? others : [];
      for (const other of also) await studio.client.mapStates(other, { ...edit, ...(reason === "" ? {} : { reason }) });
      // undo takes back the last change of several alone
      const action = also.length === 0 ? { label: t("connect.states.undo"), run: undo } : undefined;
      studio.notify("good", t("connect.states.saved", { station, version }), also.join(", "), action);
      done();
    });
  return {
    draft,
    setWord: (word, meaning) => setDraft((before) => withWord(before, word, meaning)),
    setBit: (bit, on) => setDraft((before) => withBit(before, bit, on, versions.at(-1)!)),
    discard: () => setDraft({}),
    terms,
    setTerms,
    others,
    count,
    edit,
    isReady: count > 0 && !(since === "instant" && from === undefined),
    task,
    save,
    undo,
  };
}

function newestNumber(versions: readonly ReadingVersion[]): number {
  return Math.max(...versions.map(({ version }) => version));
}
