import type { Instant, LogEntry, WorldView } from "@doppelwerk/world";
import type { FeatureOptions } from "@doppelwerk/kit";
import type { Accounts } from "../http/person.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import type { WorldPersonal } from "./world-personal.ts";

/** A world as far as it is about people. */
export interface PeopleWorld {
  readonly name: string;
  readonly accounts: Accounts;
  readonly personal: WorldPersonal;
  readonly transparency: TransparencyLog | undefined;
  readonly features: { readonly features: readonly FeatureOptions[] };
  readonly jobs: {
    list(): Promise<
      readonly {
        readonly id: string;
        readonly kind: string;
        readonly state: string;
        readonly by: string;
        readonly enqueuedAt?: Instant | undefined;
      }[]
    >;
  };
  logAfter(view: WorldView, after: number): AsyncIterable<LogEntry>;
  now(): Instant;
}

/** The worlds of a server. */
export interface PeopleWorlds {
  readonly home: PeopleWorld;
  readonly registry: {
    list(): readonly { readonly name: string; readonly title: string; readonly state: string }[];
    enter(name: string): Promise<{ readonly world: PeopleWorld; leave(): void }>;
  };
}
