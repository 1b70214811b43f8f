import { Worker } from "node:worker_threads";
import { textOf, unpackedFile } from "@doppelwerk/connectors/files";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { withTexts, type EventLogOptions, type EventLogReport, type ReadEventLog } from "./event-log-report.ts";

export const eventLogQuery = z.object({
  name: z.string().trim().min(1).max(200).default("event log"),
  utcOffset: z.coerce.number().min(-840).max(840).default(0).describe("minutes, of times that name no zone"),
  periodS: z.coerce.number().positive().max(3.2e8).optional(),
});

const MOST_BYTES = 64 * 1024 * 1024;
/** What one packed with gzip may hold. */
const MOST_UNPACKED = 256 * 1024 * 1024;
const MOST_MS = 120_000;

/** An event log becomes a line, its bottleneck and a forecast; nothing of it is kept. */
export function registerEventLog(app: FastifyInstance, site: Site): void {
  app.post("/event-log/report", async (request) => {
    const { name, utcOffset, periodS } = parse(eventLogQuery, request.query, "an event log");
    const decision = site.viewOf(request).may("run", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    if (!Buffer.isBuffer(request.body)) throw new DoppelwerkError("DW_INVALID", message("simulate.eventLogSentApplicationOctetStream"));
    if (request.body.length > MOST_BYTES)
      throw new DoppelwerkError("DW_INVALID", message("simulate.eventLogMoreBytes", { max: MOST_BYTES }));
    const options: EventLogOptions = {
      name,
      replications: 40,
      seed: 1,
      utcOffsetMinutes: utcOffset,
      ...(periodS === undefined ? {} : { periodS }),
    };
    return reported(textOf(unpackedFile(name, request.body, MOST_UNPACKED)), options);
  });
}

function reported(text: string, options: EventLogOptions): Promise<EventLogReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./event-log-worker.ts", import.meta.url), {
      workerData: { text, options },
      resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    });
    const timer = setTimeout(() => {
      reject(new DoppelwerkError("DW_INVALID", message("simulate.eventLogTakesLonger", { max: MOST_MS / 1000 })));
      void worker.terminate();
    }, MOST_MS);
    worker.once("message", (answer: { readonly report?: ReadEventLog; readonly failure?: Message }) => {
      clearTimeout(timer);
      if (answer.report === undefined) reject(new DoppelwerkError("DW_INVALID", answer.failure ?? message("simulate.eventLogGaveNothing")));
      else resolve(withTexts(answer.report));
      void worker.terminate();
    });
    worker.once("error", (error) => {
      clearTimeout(timer);
      reject(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.eventLogCouldNotRead", { reason: (error as Error).message })));
    });
  });
}
