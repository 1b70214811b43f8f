import { fileURLToPath } from "node:url";
import type { FeatureOptions } from "@doppelwerk/kit";
import type { FeatureContext, FeatureStore, HandlerOf, Open, Opened } from "@doppelwerk/kit/server";
import type { EndpointOptions } from "@doppelwerk/kit";
import type { Port } from "@doppelwerk/ports";
import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { BranchId, Instant } from "@doppelwerk/world";
import { providersOf, resolveFeatures, type ListedFeature } from "./resolve.ts";

/** What of a feature depends on the world it is opened in. */
export type ContextOf = (listed: ListedFeature, runtime: FeatureRuntime) => FeatureContext;

/** What the host gives to the context of a feature. */
export interface FeatureRuntime {
  readonly signal: AbortSignal;
  port(key: string): unknown;
  /** What open features give to a slot, by its key. */
  contributions(key: string): readonly unknown[];
  followContributions(key: string, listener: () => void): () => void;
  degraded(message: string | undefined): void;
}

export type FeatureState =
  | { readonly state: "off" | "opening" | "open" | "closing" }
  | { readonly state: "blocked"; readonly needs: readonly string[] }
  | { readonly state: "degraded"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string; readonly retryAt: Instant };

export interface FeatureHostOptions {
  readonly listed: readonly ListedFeature[];
  /** Ports that the kernel provides, by key. */
  readonly kernel: ReadonlyMap<string, unknown>;
  /** Features that are switched off in this world. */
  readonly store: FeatureStore;
  readonly contextOf: ContextOf;
  /** Called once a feature is open, and before it closes: then its jobs have ended. */
  readonly onOpened?: (feature: ListedFeature, opened: Opened<FeatureOptions>) => void;
  readonly onClosing?: (feature: ListedFeature, why: "off" | "closing") => Promise<void>;
  now(): Instant;
  onFault(feature: string, error: unknown): void;
}

/** A feature that takes longer to open has failed. */
export const OPEN_MS_MAX = 5_000;
const RETRY_MS_FIRST = 1_000;
const RETRY_MS_MAX = 5 * 60_000;

/** A feature that was open for so long begins with the first interval again when it fails. */
const STEADY_US = 60_000_000;

interface Slot {
  readonly listed: ListedFeature;
  state: FeatureState;
  opened: Opened<FeatureOptions> | undefined;
  /** What it gives to slots while it is open. */
  contributed: readonly { readonly key: string; readonly value: unknown }[];
  abort: AbortController;
  failures: number;
  openedAt: Instant | undefined;
  retry: NodeJS.Timeout | undefined;
}

/**
 * The features of one world: opened in the order of their needs, each fenced, so that one that fails blocks only what needs it. What failed is tried again,
 * at growing intervals up to five minutes.
 */
export class FeatureHost {
  readonly #options: FeatureHostOptions;
  #listed: readonly ListedFeature[];
  #slots: readonly Slot[];
  /** What is done with a port whenever its feature opens. */
  readonly #users: { readonly key: string; readonly use: (value: never) => Promise<void> }[] = [];
  readonly #slotListeners = new Set<{ readonly key: string; readonly listener: () => void }>();
  /** Opening and closing, one after another. */
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: FeatureHostOptions) {
    this.#options = options;
    this.#listed = options.listed;
    this.#slots = resolveFeatures(options.listed, new Set(options.kernel.keys())).map(slotOf);
  }

  /** Other features from now on: those that are gone or are others now close, new ones open; `between` runs when nothing of the former is open any more. */
  change(listed: readonly ListedFeature[], between: () => Promise<void>): Promise<void> {
    const resolved = resolveFeatures(listed, new Set(this.#options.kernel.keys()));
    return this.#inTurn(async () => {
      const gone = new Set(this.#slots.filter((slot) => !resolved.includes(slot.listed)).map((slot) => slot.listed.feature.id));
      for (const id of gone) for (const dependent of this.switchedWith(id, false)) gone.add(dependent);
      for (const slot of this.#slots.toReversed()) if (gone.has(slot.listed.feature.id)) await this.#close(slot, "closing");
      this.#slots = resolved.map((one) => this.#slots.find((slot) => slot.listed === one) ?? slotOf(one));
      this.#listed = listed;
      await between();
      await this.#openAll();
    });
  }

  get features(): readonly FeatureOptions[] {
    return this.#slots.map(({ listed }) => listed.feature);
  }

  /** Those that are open now. */
  get openFeatures(): readonly ListedFeature[] {
    return this.#slots.filter(({ opened }) => opened !== undefined).map(({ listed }) => listed);
  }

  states(): readonly (Pick<FeatureOptions, "id" | "perWorld" | "inputs"> & { readonly state: FeatureState })[] {
    return this.#slots.map(({ listed: { feature }, state }) => {
      const { id, perWorld, inputs } = feature;
      return { id, perWorld, state, ...(inputs && { inputs }) };
    });
  }

  /** Opens whatever is not off. Never throws for a feature's fault. */
  open(): Promise<void> {
    return this.#inTurn(() => this.#openAll());
  }

  /** The handler of an endpoint; DW_NOT_FOUND where its feature is off, DW_UNAVAILABLE where it is not open. */
  handler(feature: string, endpoint: EndpointOptions): HandlerOf<EndpointOptions> {
    const { state, opened } = this.#slot(feature);
    if (opened !== undefined) return (opened.handlers as Record<string, HandlerOf<EndpointOptions>>)[endpoint.id]!;
    if (state.state === "off")
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("server.featureOffWorld", { feature }), { feature: "off" });
    throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("server.featureNotOpenNow", { feature, state: reasonOf(state) }), {
      feature: state.state,
    });
  }

  /** The branch of a record of a feature; asked only after `handler`, which refuses where the feature is not open. */
  branchOf(feature: string, kind: string, id: string): BranchId | Promise<BranchId> {
    const find = this.#slot(feature).opened?.branchOf?.[kind];
    if (find === undefined) throw new Error(`${feature} does not say of which branch a ${kind} is`);
    return find(id);
  }

  /** What provides a port now; undefined where its feature is off or not open. */
  find<Value>({ key }: Port<Value>): Value | undefined {
    return this.#port(key) as Value | undefined;
  }

  /** What provides a port now; DW_UNAVAILABLE where its feature is off or not open. */
  port<Value>({ key }: Port<Value>): Value {
    const value = this.#port(key);
    if (value === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("server.portUnprovided", { key }));
    return value as Value;
  }

  /** Uses a port now, and again whenever its feature opens later: it was switched off, or had failed. Throws what the first use throws. */
  async useWhenOpen<Value>(port: Port<Value>, use: (value: Value) => Promise<void>): Promise<void> {
    await use(this.port(port));
    this.#users.push({ key: port.key, use });
  }

  /** Features that are switched off, or on again, with `id`: those that need it go off with it. */
  switchedWith(id: string, on: boolean): readonly string[] {
    if (on) return [id];
    const off = new Set([id]);
    for (const { listed } of this.#slots)
      if (providersOf(listed.feature, this.#listed).some((provider) => off.has(provider.id))) off.add(listed.feature.id);
    return [...off];
  }

  /** Kept for the next start. Returns what was switched. */
  async switchFeature(id: string, on: boolean): Promise<readonly string[]> {
    const { feature } = this.#slot(id).listed;
    if (!feature.perWorld) throw new DoppelwerkError("DW_CONFLICT", messageOf("server.featureCannotSwitchedOff", { id }));
    const switched = this.switchedWith(id, on);
    await this.#inTurn(async () => {
      const off = new Set(this.#off());
      for (const one of switched)
        if (on) off.delete(one);
        else off.add(one);
      if (takesSensitiveInput(feature) && on) await this.#options.store.set("on", [...new Set([...this.#idsOf("on"), id])]);
      await this.#options.store.set("off", [...off]);
      if (on) await this.#openAll();
      else for (const slot of this.#slots.toReversed()) if (off.has(slot.listed.feature.id)) await this.#close(slot, "off");
    });
    return switched;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#inTurn(async () => {
      for (const slot of this.#slots.toReversed()) await this.#close(slot, "closing");
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {
      // handled by the caller; the next one has its turn all the same
    });
    return turn;
  }

  /** What was switched off, and what takes AI or biometric input and was never switched on. */
  #off(): readonly string[] {
    const on = new Set(this.#idsOf("on"));
    const never = this.#listed.filter(({ feature }) => takesSensitiveInput(feature) && !on.has(feature.id));
    return [...this.#idsOf("off"), ...never.map(({ feature }) => feature.id)];
  }

  #idsOf(name: "on" | "off"): readonly string[] {
    const kept = this.#options.store.get(name);
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  }

  #slot(id: string): Slot {
    const slot = this.#slots.find(({ listed }) => listed.feature.id === id);
    if (!slot) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("server.noFeature", { id }));
    return slot;
  }

  async #openAll(): Promise<void> {
    const off = new Set(this.#off());
    for (const slot of this.#slots)
      if (!off.has(slot.listed.feature.id) && slot.opened === undefined && !this.#closed) await this.#open(slot);
  }

  async #open(slot: Slot): Promise<void> {
    const { feature } = slot.listed;
    clearTimeout(slot.retry);
    const missing = providersOf(feature, this.#listed).filter(({ id }) => this.#slot(id).opened === undefined);
    if (missing.length > 0) {
      slot.state = { state: "blocked", needs: missing.map(({ id }) => id) };
      return;
    }
    slot.state = { state: "opening" };
    slot.abort = new AbortController();
    try {
      const [opened, contributed] = await inTime(Promise.all([this.#load(slot), contributionsOf(slot.listed)]));
      slot.opened = opened;
      slot.contributed = [...contributed, ...(opened.contributed ?? [])];
      slot.openedAt = this.#options.now();
      this.#followEnd(slot, opened);
      if (slot.state.state === "opening") slot.state = { state: "open" };
      await this.#usePorts(slot);
      this.#contributionsChanged(slot.contributed);
      this.#options.onOpened?.(slot.listed, slot.opened);
    } catch (error) {
      slot.abort.abort();
      this.#failed(slot, error);
    }
  }

  async #load(slot: Slot): Promise<Opened<FeatureOptions>> {
    const { feature, folder } = slot.listed;
    if (feature.server === undefined && slot.listed.open === undefined) return { handlers: {}, ports: {}, close: async () => {} };
    const open =
      slot.listed.open ?? ((await import(fileURLToPath(new URL(feature.server!, folder)))) as { readonly open: Open<FeatureOptions> }).open;
    return open(
      this.#options.contextOf(slot.listed, {
        signal: slot.abort.signal,
        port: (key) => this.#port(key),
        contributions: (key) =>
          this.#slots.flatMap(({ contributed }) => contributed.flatMap((one) => (one.key === key ? [one.value] : []))),
        followContributions: (key, listener) => {
          const entry = { key, listener };
          this.#slotListeners.add(entry);
          return () => void this.#slotListeners.delete(entry);
        },
        degraded: (message) => {
          slot.state = message === undefined ? { state: "open" } : { state: "degraded", reason: message };
        },
      }),
    );
  }

  #port(key: string): unknown {
    if (this.#options.kernel.has(key)) return this.#options.kernel.get(key);
    for (const { opened, listed } of this.#slots)
      if (opened && listed.feature.offers.ports.some((port) => port.key === key)) return (opened.ports as Record<string, unknown>)[key];
    return undefined;
  }

  async #usePorts({ listed: { feature }, opened }: Slot): Promise<void> {
    for (const { key } of feature.offers.ports)
      for (const { use } of this.#users.filter((user) => user.key === key))
        await use((opened!.ports as Record<string, never>)[key]!).catch((error: unknown) => this.#options.onFault(feature.id, error));
  }

  /** What runs in a process of its own may end by itself: then it has failed, as if it had not opened. */
  #followEnd(slot: Slot, opened: Opened<FeatureOptions> & { readonly ended?: Promise<Error> }): void {
    void opened.ended?.then((error) =>
      this.#inTurn(async () => {
        if (slot.opened !== opened) return;
        await this.#close(slot, "closing");
        this.#failed(slot, error);
      }),
    );
  }

  #contributionsChanged(contributed: Slot["contributed"]): void {
    for (const { key, listener } of this.#slotListeners) if (contributed.some((one) => one.key === key)) listener();
  }

  #failed(slot: Slot, error: unknown): void {
    // what ran for a while and failed is not what fails at once each time
    if (slot.openedAt !== undefined && this.#options.now() - slot.openedAt > STEADY_US) slot.failures = 0;
    slot.openedAt = undefined;
    const wait = Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** slot.failures++);
    const reason = error instanceof Error ? error.message : String(error);
    slot.state = { state: "failed", reason, retryAt: this.#options.now() + wait * 1_000 };
    slot.retry = setTimeout(() => void this.open(), wait).unref();
    this.#options.onFault(slot.listed.feature.id, error);
  }

  async #close(slot: Slot, why: "off" | "closing"): Promise<void> {
    clearTimeout(slot.retry);
    const { opened, contributed } = slot;
    if (opened) {
      slot.state = { state: "closing" };
      slot.opened = undefined;
      slot.contributed = [];
      this.#contributionsChanged(contributed);
      const faulty = (error: unknown): void => this.#options.onFault(slot.listed.feature.id, error);
      await this.#options.onClosing?.(slot.listed, why).catch(faulty);
      slot.abort.abort();
      await opened.close().catch(faulty);
    }
    slot.state = { state: "off" };
  }
}

const takesSensitiveInput = ({ inputs = [] }: FeatureOptions): boolean => inputs.length > 0;

function slotOf(listed: ListedFeature): Slot {
  return {
    listed,
    state: { state: "off" },
    opened: undefined,
    contributed: [],
    abort: new AbortController(),
    failures: 0,
    openedAt: undefined,
    retry: undefined,
  };
}

async function contributionsOf({ feature: { contributes = [] }, folder }: ListedFeature): Promise<Slot["contributed"]> {
  return Promise.all(
    contributes.map(async ({ slot, module }) => {
      const { default: value } = (await import(fileURLToPath(new URL(module, folder)))) as { readonly default: unknown };
      return { key: slot.key, value };
    }),
  );
}

function reasonOf(state: FeatureState): string {
  if (state.state === "blocked") return `it needs ${state.needs.join(", ")}`;
  return state.state === "failed" ? state.reason : state.state;
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not open after ${OPEN_MS_MAX / 1_000} s`)), OPEN_MS_MAX);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
