import { useEffect, useMemo, useState } from "react";
import { answerOf, messageText, useLoad, useScope, useStore, useStudio, type Loaded } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { EntryResult, TerminalPicture } from "../contract.ts";
import type { NewTerminalEntry } from "../model/entry.ts";
import { DeviceMemory } from "./device.ts";
import { Outbox, type EntryFields, type OutboxState } from "./outbox.ts";

const EVERY_MS = 5_000;

/** Whoever is signed on here; without a name while the server does not know of it yet. */
export interface Worker {
  /** The entry that signed on. */
  readonly signOn: string;
  readonly station: string;
  readonly name?: string;
  readonly tail: string;
  /** What should be known before the work begins. */
  readonly findings?: readonly string[];
}

export interface Terminal {
  /** What the server says, or the last that this device was told. */
  readonly picture: TerminalPicture | undefined;
  /** The picture is one of before: since when, by the server's clock. */
  readonly staleSince: number | undefined;
  readonly loaded: Loaded<TerminalPicture> & { readonly reload: () => void };
  readonly outbox: OutboxState;
  readonly worker: Worker | undefined;
  /** False: it could not be kept. */
  enter(fields: EntryFields): boolean;
  signOn(badge: string): boolean;
  signOff(): void;
  dismiss(name: string): void;
}

/** The terminal of a station: what it shows, who is there, and what waits to be sent. */
export function useTerminal(station: string): Terminal {
  const studio = useStudio();
  const { world } = useScope();
  const memory = useMemo(() => new DeviceMemory(world), [world]);
  const [worker, setWorker] = useState(() => workerOf(memory, station));
  const loaded = useLoad(answerOf(calls.picture, { params: { station } }, { kinds: undefined }), { everyMs: EVERY_MS });
  const { reload } = loaded;
  const outbox = useMemo(() => {
    const write = (next: Worker | undefined): void => {
      memory.set("worker", next);
      setWorker(next);
    };
    return new Outbox({
      memory,
      client: studio.client,
      now: () => Date.now() * 1_000,
      onDone(entry, result) {
        if (entry.kind === "signOn") write(namedWorker(memory.get<Worker>("worker"), result));
        reload();
      },
      onRefused(entry) {
        if (entry.kind === "signOn" && memory.get<Worker>("worker")?.signOn === entry.id) write(undefined);
      },
    });
  }, [memory, studio.client, reload]);
  useSending(outbox);
  const picture = useKept(memory, station, loaded);
  const enter = (fields: EntryFields): NewTerminalEntry | undefined => outbox.add(fields);
  return {
    picture,
    staleSince: loaded.kind === "failed" || outbox.state.get().isOnline === false ? picture?.at : undefined,
    loaded,
    outbox: useStore(outbox.state),
    worker,
    enter: (fields) => enter({ ...fields, ...(worker && { signOn: worker.signOn }) } as EntryFields) !== undefined,
    signOn(badge) {
      if (worker !== undefined) enter({ kind: "signOff", station, signOn: worker.signOn });
      const entry = enter({ kind: "signOn", station, badge });
      const next = entry && { signOn: entry.id, station, tail: badge.slice(-2) };
      memory.set("worker", next);
      setWorker(next);
      return entry !== undefined;
    },
    signOff() {
      if (worker === undefined) return;
      enter({ kind: "signOff", station, signOn: worker.signOn });
      memory.set("worker", undefined);
      setWorker(undefined);
    },
    dismiss: (name) => outbox.dismiss(name),
  };
}

/** Sends what waits when the page opens, when the network is back, and until nothing waits. */
function useSending(outbox: Outbox): void {
  useEffect(() => {
    const send = (): void => void outbox.send();
    send();
    window.addEventListener("online", send);
    return () => {
      window.removeEventListener("online", send);
      outbox.close();
    };
  }, [outbox]);
}

/** What was loaded, kept for when the network is gone, also after the page is opened again. */
function useKept(memory: DeviceMemory, station: string, loaded: Loaded<TerminalPicture>): TerminalPicture | undefined {
  const kept = useMemo(() => memory.get<TerminalPicture>(`picture.${station}`), [memory, station]);
  const { value } = loaded;
  useEffect(() => {
    if (value !== undefined) memory.set(`picture.${station}`, value);
  }, [memory, station, value]);
  return value ?? kept;
}

/** Somebody who was signed on at another station before this terminal was moved is not here. */
function workerOf(memory: DeviceMemory, station: string): Worker | undefined {
  const kept = memory.get<Worker>("worker");
  return kept?.station === station ? kept : undefined;
}

function namedWorker(worker: Worker | undefined, { id, person, findings = [] }: EntryResult): Worker | undefined {
  if (worker?.signOn !== id || person === undefined) return worker;
  return { ...worker, name: person.name, findings: findings.map((finding) => messageText("", finding)) };
}
