import type { Instant } from "@doppelwerk/world";
import { STATE_CAUSES, STATION_STATES, type MappedState, type StateCause, type StationMode, type StationState } from "./station-state.ts";

/** One version of how the raw words and bits of one station are read (P7). */
export interface MappingVersion {
  readonly version: number;
  /** Vendor's word (numbers as decimal text) → state and cause. */
  readonly words: Readonly<Record<string, { readonly state: StationState; readonly cause: StateCause }>>;
  /** The controller offers the bit. */
  readonly blockedBit: boolean;
  readonly starvedBit: boolean;
  /** Conclude blocked and starved from the neighbours where the bit is missing. */
  readonly neighbours: boolean;
}

/** A version that holds from an instant on, until the next one. */
export interface LaterMapping extends MappingVersion {
  readonly from: Instant;
}

/** P7: how a station is read, from the beginning of its record on. An interval says by which version it was read. */
export interface StateMapping extends MappingVersion {
  /** In order of time. */
  readonly later?: readonly LaterMapping[];
}

/** The version that holds at an instant. */
export function mappingAt(mapping: StateMapping, at: Instant): MappingVersion {
  return mapping.later?.findLast(({ from }) => from <= at) ?? mapping;
}

export const EMPTY_MAPPING: StateMapping = { version: 0, words: {}, blockedBit: false, starvedBit: false, neighbours: true };

/** What the controller says at one instant; undefined = not told, or told with bad quality. */
export interface RawState {
  readonly itemState: string | number | undefined;
  readonly operationMode: string | number | undefined;
  readonly vendorState: string | undefined;
  readonly blocked: boolean | undefined;
  readonly starved: boolean | undefined;
}

/** What the neighbours let one conclude about a station that waits. */
export type NeighbourHint = "blocked" | "starved" | undefined;

/** OPC 40001-1 §12.2: state numbers 0–3. */
const ITEM_STATES = ["notavailable", "outofservice", "notexecuting", "executing"] as const;
/** OPC 40001-1 §13.2: state numbers 0–3. */
const OPERATION_MODES: readonly StationMode[] = ["none", "maintenance", "setUp", "processing"];

/** PackML (ISA-TR88.00.02) states: Held has its cause inside the machine, Suspended outside of it. */
const PACKML: Readonly<Record<string, { readonly state: StationState; readonly cause: StateCause }>> = {
  execute: { state: "working", cause: "internal" },
  completing: { state: "working", cause: "internal" },
  starting: { state: "idle", cause: "internal" },
  resetting: { state: "idle", cause: "internal" },
  idle: { state: "idle", cause: "unknown" },
  complete: { state: "idle", cause: "unknown" },
  stopped: { state: "idle", cause: "operator" },
  stopping: { state: "idle", cause: "operator" },
  holding: { state: "failed", cause: "internal" },
  held: { state: "failed", cause: "internal" },
  unholding: { state: "failed", cause: "internal" },
  suspending: { state: "idle", cause: "unknown" },
  suspended: { state: "idle", cause: "unknown" },
  unsuspending: { state: "idle", cause: "unknown" },
  aborting: { state: "failed", cause: "internal" },
  aborted: { state: "failed", cause: "internal" },
  clearing: { state: "failed", cause: "internal" },
};

/** What the numbers of a PackML state mean, by the names that stand beside them; undefined where they are not those of PackML. */
export function packmlStates(
  names: readonly { readonly value: number; readonly name: string }[] | undefined,
): MappingVersion["words"] | undefined {
  const known = (names ?? []).flatMap(({ value, name }) => {
    const word = normal(name);
    return Object.hasOwn(PACKML, word) ? [[String(value), PACKML[word]!, word] as const] : [];
  });
  const isPackml = ["execute", "held", "aborted"].every((state) => known.some(([, , word]) => word === state));
  return isPackml ? Object.fromEntries(known.map(([value, state]) => [value, state])) : undefined;
}

const UNKNOWN: MappedState = { mode: "unknown", state: "unknown", cause: "unknown", inferred: false };

/**
 * Raw words and bits to mode, state and cause (P7). Strongest first: the vendor's mapped word, then the mode, then PackML and Machinery words,
 * refined by the bits, and only where a bit is missing by the neighbours, which marks the answer inferred. What no rule explains is `unknown`.
 */
export function mapState(mapping: MappingVersion, raw: RawState, hint: NeighbourHint): MappedState {
  const mode = modeOf(raw.operationMode);
  const word = meaningOf(mapping, raw.vendorState);
  if (word && !(word.state === "idle" || word.state === "unknown")) return { mode, state: word.state, cause: word.cause, inferred: false };
  const item = itemStateOf(raw.itemState);
  if (item === undefined && word === undefined) return { ...UNKNOWN, mode };
  if (mode === "maintenance") return { mode, state: "maintenance", cause: "internal", inferred: false };
  if (mode === "setUp") return { mode, state: "setUp", cause: "internal", inferred: false };
  if (item === "executing" && !word) return working(mapping, raw, mode);
  // The standard says "out of order", not why nor since when it is being repaired.
  if (item === "outofservice" && !word) return { mode, state: "failed", cause: "unknown", inferred: true };
  if (item === "notavailable" && !word) return { mode, state: "off", cause: "unknown", inferred: false };
  const packml = item === undefined || !Object.hasOwn(PACKML, item) ? undefined : PACKML[item];
  if (packml && !word && packml.state !== "idle") return { mode, state: packml.state, cause: packml.cause, inferred: false };
  return waiting(mapping, raw, mode, hint, word ?? packml);
}

/** A plant may say any word, also one that every object has a property of. */
function meaningOf({ words }: MappingVersion, word: string | undefined): MappingVersion["words"][string] | undefined {
  return word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined;
}

/** Executing with a set bit is the controller's way to say that it is on, but waits. */
function working(mapping: MappingVersion, raw: RawState, mode: StationMode): MappedState {
  if (mapping.blockedBit && raw.blocked === true) return { mode, state: "blocked", cause: "downstream", inferred: false };
  if (mapping.starvedBit && raw.starved === true) return { mode, state: "starved", cause: "upstream", inferred: false };
  return { mode, state: "working", cause: "internal", inferred: false };
}

function waiting(
  mapping: MappingVersion,
  raw: RawState,
  mode: StationMode,
  hint: NeighbourHint,
  told: { readonly state: StationState; readonly cause: StateCause } | undefined,
): MappedState {
  if (mapping.blockedBit && raw.blocked === true) return { mode, state: "blocked", cause: "downstream", inferred: false };
  if (mapping.starvedBit && raw.starved === true) return { mode, state: "starved", cause: "upstream", inferred: false };
  // A word that names a cause of its own is stronger than what the neighbours suggest.
  if (told && told.cause !== "unknown") return { mode, state: told.state, cause: told.cause, inferred: false };
  const missing = hint === "blocked" ? !mapping.blockedBit : hint === "starved" ? !mapping.starvedBit : false;
  if (mapping.neighbours && missing) return { mode, state: hint!, cause: hint === "blocked" ? "downstream" : "upstream", inferred: true };
  if (told) return { mode, state: told.state, cause: told.cause, inferred: false };
  // Both bits are offered and say no: it waits for something else. With a bit missing nothing is known.
  const bothTold = mapping.blockedBit && mapping.starvedBit && raw.blocked === false && raw.starved === false;
  return { mode, state: bothTold ? "idle" : "unknown", cause: "unknown", inferred: false };
}

function modeOf(raw: string | number | undefined): StationMode {
  if (raw === undefined) return "unknown";
  if (typeof raw === "number") return OPERATION_MODES[raw] ?? "unknown";
  const word = normal(raw);
  return OPERATION_MODES.find((mode) => mode.toLowerCase() === word) ?? (word === "production" ? "processing" : "unknown");
}

/** The Machinery or PackML word, lower case without separators; undefined when it is neither. */
function itemStateOf(raw: string | number | undefined): string | undefined {
  if (raw === undefined) return undefined;
  if (typeof raw === "number") return ITEM_STATES[raw];
  const word = normal(raw);
  return (ITEM_STATES as readonly string[]).includes(word) || Object.hasOwn(PACKML, word) ? word : undefined;
}

const normal = (word: string) => word.toLowerCase().replace(/[^a-z]/g, "");

const SYNONYMS: Readonly<Record<string, StationState>> = {
  running: "working",
  executing: "working",
  execute: "working",
  waiting: "idle",
  standby: "idle",
  setup: "setUp",
  changeover: "setUp",
  fault: "failed",
  failure: "failed",
  down: "failed",
  jam: "microStop",
  minorstop: "microStop",
  microstop: "microStop",
  pause: "break",
};

/** A state word of an engineering file in our words; undefined when it is none we know. */
export function stationStateOf(word: string): StationState | undefined {
  const plain = normal(word);
  return STATION_STATES.find((state) => state.toLowerCase() === plain) ?? (Object.hasOwn(SYNONYMS, plain) ? SYNONYMS[plain] : undefined);
}

/** A cause word of an engineering file in our words; `unknown` when it is none we know. */
export function stateCauseOf(word: string | undefined): StateCause {
  const plain = normal(word ?? "");
  return STATE_CAUSES.find((cause) => cause === plain) ?? "unknown";
}
