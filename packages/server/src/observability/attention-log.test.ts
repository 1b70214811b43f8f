import { message } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import type { Describe } from "../transparency/transparency-log.ts";
import type { Attention } from "./attention.ts";
import { AttentionLog } from "./attention-log.ts";

test("[SV360] what needs attention is an entry when it begins and when it is over, once each, by its code alone; how busy the server is, is none", async () => {
  const entries: unknown[] = [];
  const refusing = { is: false };
  const log = {
    async append(describe: Describe) {
      if (refusing.is) throw new Error("the disk is full");
      return entries.push(describe("nonce"));
    },
  };
  let found: readonly Attention[] = [];
  const watched = new AttentionLog(
    log,
    async () => found,
    () => undefined,
  );
  const signIns = (count: number): Attention => ({ level: "warning", message: message("server.attentionSignIns", { count }) });
  const expired: Attention = { level: "error", message: message("server.attentionExpired", { name: "HTTPS" }) };
  found = [{ level: "warning", message: message("server.attentionLoop", { milliseconds: 300 }) }];
  await watched.look();
  expect(entries).toEqual([]);
  found = [signIns(20), expired];
  await watched.look();
  found = [signIns(31), expired];
  await watched.look();
  found = [expired];
  refusing.is = true;
  await expect(watched.look()).rejects.toThrow();
  refusing.is = false;
  await watched.look();
  await watched.look();
  watched.close();
  const entry = (code: string, level: string, state: string) => ({ what: "attention", code: `server.attention${code}`, level, state });
  expect(entries).toEqual([entry("SignIns", "warning", "begun"), entry("Expired", "error", "begun"), entry("SignIns", "warning", "over")]);
});
