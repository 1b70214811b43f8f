import { join } from "node:path";
import type { Destination } from "../kit/destination.ts";
import { pageOf, type Route } from "../kit/http-service.ts";
import { Outbox } from "../kit/outbox.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { MadeThings, type SentEvent } from "./made-things.ts";

/** The middleware of the readers: it says what each machine is made of, and which pallet it left on, in EPCIS 2.0. */
export const genealogy: ProgramKind = { name: "genealogy", begin: (context) => new Genealogy(context) };

class Genealogy implements FactoryProgram {
  readonly #made: MadeThings;
  readonly #outbox: Outbox<SentEvent>;
  readonly routes: readonly Route[];
  readonly destinations: readonly Destination[];

  constructor({ header, local, folder }: ProgramContext) {
    this.#outbox = new Outbox(join(folder, "events.ndjson"));
    this.#made = new MadeThings(header, local, (event) => void this.#outbox.say(event));
    this.routes = [
      {
        method: "GET",
        path: "/events",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#outbox.after(after, limit);
        },
      },
    ];
    this.destinations = [
      {
        name: "genealogy",
        by: "epcis",
        pending: (after, most) => this.#outbox.after(after, most).map(({ seq, event }) => ({ seq, values: [], event })),
      },
    ];
  }

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    this.#made.take(record);
  }

  settle(ms: number): void {
    this.#made.settle(ms);
  }

  flush(): void {
    this.#outbox.flush();
  }
}
