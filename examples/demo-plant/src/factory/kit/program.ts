import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import type { Destination } from "./destination.ts";
import type { Route } from "./http-service.ts";
import type { LocalTime } from "./local-time.ts";
import type { OrderSource, PlantConnection, RosterSource, StoresSource } from "./plant-connection.ts";

/** What a program is given when it begins to follow a life of the plant. */
export interface ProgramContext {
  readonly header: FloorHeader;
  readonly local: LocalTime;
  /** Its own files of this life. */
  readonly folder: string;
  /** Where it leaves files for others. */
  readonly drop: string;
  /** Address of its own server, `http://127.0.0.1:P`. */
  readonly url: string;
}

/** One program of the factory. It folds what the shop floor tells, keeps what it says in outboxes, and serves it. */
export interface FactoryProgram {
  take(record: FloorRecord): void;
  /** Everything up to `ms` has been taken: says what is due. */
  settle(ms: number): void;
  /** Writes what was said to disk, then the files that others take; `isPresent`: everything that was told so far has been taken. */
  flush(isPresent: boolean): void;
  readonly routes: readonly Route[];
  /** Where entries are sent to beside. */
  readonly destinations?: readonly Destination[];
  /** How a server of Doppelwerk would be connected with it; asked by whoever installs it. */
  readonly connections?: readonly PlantConnection[];
  /** Where it has orders for one. */
  readonly orderSources?: readonly OrderSource[];
  /** Where it leaves rosters for one. */
  readonly rosterSources?: readonly RosterSource[];
  /** Where it has spare parts and their movements for one. */
  readonly storesSources?: readonly StoresSource[];
}

export interface ProgramKind {
  readonly name: string;
  begin(context: ProgramContext): FactoryProgram;
}
