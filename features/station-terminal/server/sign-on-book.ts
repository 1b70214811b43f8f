import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { lineFlow, type SignOn, type SignOnQuestion, type SignOns } from "@doppelwerk/ports";
import { LIVE, type EventRecord, type Instant } from "@doppelwerk/world";
import type { stationTerminal } from "../feature.ts";
import { TERMINAL_EVENTS } from "../model/event-kinds.ts";
import { MAX_SIGN_ON, signOnSpans, type SignOnFact } from "../model/sign-on-spans.ts";
import { knownStations } from "./stations.ts";

const PAGE = 1_000;
/** Of one question; what is more is left out, the oldest first. */
const MAX_READ = 50_000;
const TYPES = [TERMINAL_EVENTS.signedOn, TERMINAL_EVENTS.signedOff];

/** Who was where, from the events of sign-on and sign-off. */
export class SignOnBook implements SignOns {
  readonly #ctx: FeatureContext<typeof stationTerminal>;
  readonly #nameOf: (person: string) => string | undefined;

  constructor(ctx: FeatureContext<typeof stationTerminal>, nameOf: (person: string) => string | undefined) {
    this.#ctx = ctx;
    this.#nameOf = nameOf;
  }

  async within(principal: PlantView["principal"], question: SignOnQuestion): Promise<readonly SignOn[]> {
    return this.of(this.#ctx.view(principal), question);
  }

  async of(view: PlantView, { from, to, person, station }: SignOnQuestion): Promise<readonly SignOn[]> {
    const readable = new Set((await knownStations(this.#ctx.use(lineFlow), view)).map((each) => each.station));
    // whoever asks: that somebody signed on elsewhere ends it here
    const facts = await this.#facts(from - MAX_SIGN_ON, to);
    return signOnSpans(facts, Math.min(to, this.#ctx.now())).flatMap((span) => {
      const isAsked =
        readable.has(span.station) &&
        span.from < to &&
        (span.to ?? to) > from &&
        (person === undefined || span.person === person) &&
        (station === undefined || span.station === station);
      const name = isAsked ? this.#nameOf(span.person) : undefined;
      return isAsked ? [{ ...span, ...(name !== undefined && { name }) }] : [];
    });
  }

  async #facts(from: Instant, to: Instant): Promise<readonly SignOnFact[]> {
    const facts: SignOnFact[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#ctx.own.events.query({
        branch: LIVE,
        types: TYPES,
        from: Math.max(0, from),
        to,
        order: "descending",
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
      });
      for (const event of page.events) facts.push(...factOf(event));
      cursor = page.next;
    } while (cursor !== undefined && facts.length < MAX_READ);
    return facts;
  }
}

function factOf({ type, actor, at, payload }: EventRecord): readonly SignOnFact[] {
  const { entry, station } = payload as { readonly entry?: unknown; readonly station?: unknown };
  if (actor === undefined || typeof entry !== "string" || typeof station !== "string") return [];
  return [{ kind: type === TERMINAL_EVENTS.signedOn ? "on" : "off", entry, person: actor, station, at }];
}
