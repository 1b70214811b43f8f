import type { MessageCode } from "@doppelwerk/messages";
import type { Port, Slot } from "@doppelwerk/ports";
import type { EventKind } from "@doppelwerk/world";
import type { z } from "zod";
import type { EndpointOptions, TopicOptions } from "../contract/endpoint.ts";
import type { PersonalData, SensitiveInput } from "./personal-data.ts";

/** One pure step from a version to the next. */
export type Upcast = (before: never) => unknown;

/** Settings of a feature in a world: checked, kept and upcast by the kernel. */
export interface SettingsDeclaration<Settings extends z.ZodType = z.ZodType> {
  readonly version: number;
  readonly schema: Settings;
  /** From version n to n + 1. */
  readonly upcast: Readonly<Record<number, Upcast>>;
}

/** A kind of document that people declare. */
export interface KindDeclaration<Schema extends z.ZodType = z.ZodType> {
  /** `alarms.rule`; also the `kind` of its records unless `record` names an older one. */
  readonly id: string;
  readonly record?: string;
  readonly version: number;
  /** Of the fields of a record, without its id, kind and version. */
  readonly schema: Schema;
  /** From version n to n + 1. A record without a version is of version 1. */
  readonly upcast: Readonly<Record<number, Upcast>>;
}

/** A kind of job: a long computation on request. */
export interface JobDeclaration {
  /** `simulate.run`: the id of the feature, then a name; for good. */
  readonly kind: string;
  /** Code of the text that people read of such a job. */
  readonly title?: MessageCode;
  /** What computes its tasks in worker threads (`JobModule` of the kit); absent where it needs none. */
  readonly module?: string;
  /** Jobs at once, as many as there are threads where each takes one for long; the others wait. */
  readonly maxRunning: number | "threads";
  /** Jobs that wait; another one is refused with DW_QUEUE_FULL. */
  readonly maxQueued: number;
  /** Heap of a thread in megabytes; default 512. */
  readonly memoryMb?: number;
}

/** What a feature gives to a slot: the default export of a pure module. */
export interface Contribution {
  readonly slot: Slot<unknown>;
  readonly module: string;
}

export interface FeatureOptions {
  /** The name of its folder. */
  readonly id: string;
  /** It can be switched off in one world. */
  readonly perWorld: boolean;
  readonly needs: {
    /** Without these it does not open. */
    readonly ports: readonly Port<unknown>[];
    /** Asked for at each call; undefined while the provider is off. */
    readonly may: readonly Port<unknown>[];
    readonly slots?: readonly Slot<unknown>[];
    /** Features whose `contract.ts` or `port.ts` it imports, types included. */
    readonly features?: readonly string[];
  };
  readonly offers: { readonly ports: readonly Port<unknown>[]; readonly slots: readonly Slot<unknown>[] };
  /** To slots of its needs; loaded before the feature of the slot opens, in its process. */
  readonly contributes?: readonly Contribution[];
  readonly contract: readonly EndpointOptions[];
  readonly topics: readonly TopicOptions[];
  readonly kinds: readonly KindDeclaration[];
  /** Types of events that it records. */
  readonly events?: readonly EventKind[];
  readonly settings?: SettingsDeclaration;
  /** Paths are texts, seen from the manifest: a manifest is data and stays pure. */
  readonly folds: readonly string[];
  readonly jobs: readonly JobDeclaration[];
  /** With one the feature is off in every world until an administrator switches it on. */
  readonly inputs?: readonly SensitiveInput[];
  /** What it keeps of people; default nothing. */
  readonly personal?: readonly PersonalData[];
  readonly server?: string;
  readonly views?: string;
  readonly words: string;
}

export type Feature<O extends FeatureOptions = FeatureOptions> = O;

/** Checks what a compiler does not and returns the manifest as it is; a bad one is a bug. */
export function feature<const O extends FeatureOptions>(options: O): Feature<O> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(options.id)) throw new Error(`the id of a feature is in kebab case: ${options.id}`);
  const { contributes = [] } = options;
  const modules = [...options.jobs, ...contributes].map(({ module }) => module);
  for (const path of [options.server, options.views, options.words, ...options.folds, ...modules])
    if (path !== undefined && !path.startsWith("./")) throw new Error(`a path of the feature ${options.id} begins with ./: ${path}`);
  for (const { slot } of contributes)
    if (!options.needs.slots?.some(({ key }) => key === slot.key))
      throw new Error(`the feature ${options.id} contributes to ${slot.key}, which its needs do not name`);
  for (const { kind } of options.jobs)
    if (!kind.startsWith(`${options.id}.`))
      throw new Error(`a kind of job of the feature ${options.id} begins with ${options.id}.: ${kind}`);
  if ((options.inputs ?? []).length > 0 && !options.perWorld)
    throw new Error(`the feature ${options.id} takes AI or biometric input, so it must be one that can be switched off (perWorld)`);
  for (const { id } of options.personal ?? [])
    if (!id.startsWith(`${options.id}.`)) throw new Error(`personal data of the feature ${options.id} begins with ${options.id}.: ${id}`);
  return options;
}
