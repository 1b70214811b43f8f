import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parse } from "../http/query.ts";
import { bodyOf, withAccounts, type Identities } from "./account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "./presence.ts";
import { writePrivateFile } from "./private-file.ts";

const TEXT_MAX = 4_000;
/** Lines and tabs are the only controls of a plain text. */
const plain = z
  .string()
  .max(TEXT_MAX)
  .regex(/^(?:[^\p{Cc}\p{Surrogate}]|[\n\t])*$/u);
const noticeShape = z.object({ en: z.string(), zh: z.string() });
const newNotice = z.strictObject({ en: plain, zh: plain });

export type UseNotice = z.infer<typeof noticeShape>;

export const readNotice = endpoint({
  id: "kernel.useNotice",
  route: "GET /session/notice",
  summary: "The notice of use that is shown before anybody logs in, where an administrator wrote one; plain text in both languages",
  action: "read",
  answer: z.object({ notice: noticeShape.optional() }),
});

export const setNotice = endpoint({
  id: "kernel.setUseNotice",
  route: "PUT /session/notice",
  summary: "Write the notice of use; two empty texts are none",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newNotice,
  answer: z.object({ notice: noticeShape.optional() }),
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const useNoticeContract = [readNotice, setNotice] as const;
/** What is answered before anybody is logged in. */
export const PUBLIC_NOTICE: readonly string[] = [readNotice.route];

const VERSION = 1;

/** Where it is kept in a data folder. */
export const useNoticePath = (data: string): string => join(data, "use-notice.json");

/** The notice of a server. One that cannot be read keeps it from starting: a plant may not be open without it. */
export class UseNoticeStore {
  readonly #path: string;
  #notice: UseNotice | undefined;

  /** Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
  constructor(path: string) {
    this.#path = path;
    this.#notice = readStored(path);
  }

  get notice(): UseNotice | undefined {
    return this.#notice;
  }

  /** Errors: DW_UNAVAILABLE; the one of before holds then. */
  set({ en, zh }: UseNotice): UseNotice | undefined {
    const notice = en.trim() === "" && zh.trim() === "" ? undefined : { en: en.trim(), zh: zh.trim() };
    writePrivateFile(this.#path, JSON.stringify({ version: VERSION, notice }));
    return (this.#notice = notice);
  }
}

export function registerUseNotice(
  app: FastifyInstance,
  identities: (Identities & { readonly useNotice: UseNoticeStore }) | undefined,
  administrator: (request: FastifyRequest) => unknown,
): void {
  app.get("/session/notice", async () => shown(identities?.useNotice.notice));
  app.put("/session/notice", async (request) => {
    administrator(request);
    withAccounts(identities);
    return shown(identities!.useNotice.set(parse(newNotice, request.body ?? {}, bodyOf(setNotice))));
  });
}

const shown = (notice: UseNotice | undefined): { readonly notice?: UseNotice } => (notice === undefined ? {} : { notice });

function readStored(path: string): UseNotice | undefined {
  if (!existsSync(path)) return undefined;
  let stored: { readonly version?: unknown; readonly notice?: unknown };
  try {
    stored = Object(JSON.parse(readFileSync(path, "utf8"))) as typeof stored;
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("server.useNoticeNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.useNoticeNewer", { path }));
  const notice = noticeShape.optional().safeParse(stored.notice);
  if (stored.version !== VERSION || !notice.success) throw new DoppelwerkError("DW_DAMAGED", message("server.useNoticeNotRead", { path }));
  return notice.data;
}
