import { message } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import type {} from "../message-codes.ts";
import { readReport, type StoredReport } from "./stored-report.ts";

const evidence = { kind: "asset", shell: "urn:s", subject: "S010", confidence: 0.9 } as const;

test("[TW2] a stored report is answered with messages, and with their texts in both languages", () => {
  const stored: StoredReport = {
    evidence: [{ ...evidence, message: message("operations.proposal.declared", { standard: "MTConnect", by: "Device" }) }],
    questions: [{ id: "takt:line", message: message("operations.proposal.askTakt", { line: "L1" }) }],
    unknowns: [{ message: message("autoTwin.noAddress"), count: 3, examples: ["a"] }],
    conflicts: [{ id: "c", field: "unit", reason: "edit/edit" }],
  };
  expect(readReport(JSON.stringify(stored))).toEqual({
    evidence: [{ ...stored.evidence[0], why: { en: "declared by MTConnect: Device", zh: "由 MTConnect 声明：Device" } }],
    questions: [{ ...stored.questions[0], text: { en: "What is the planned takt of L1, in seconds?", zh: "L1 的计划节拍是多少秒？" } }],
    unknowns: [
      {
        ...stored.unknowns[0],
        text: {
          en: "the file contains no address: nothing is connected. Propose it again with the address of the agent.",
          zh: "文件未给出地址：不会连接任何设备。请附上代理的地址，再次生成方案。",
        },
      },
    ],
    conflicts: stored.conflicts,
  });
});

test("[TW2] a report that was stored with texts is answered with the same texts, and messages that show them", () => {
  const why = { en: "MTConnect declares it: Device", zh: "由 MTConnect 声明：Device" };
  const text = { en: "What is the site called?", zh: "工厂叫什么？" };
  const shown = (texts: typeof why) => ({ code: "autoTwin.asWritten", params: { texts } });
  const stored = {
    evidence: [{ ...evidence, why }],
    questions: [{ id: "site", text }],
    unknowns: [{ text, finding: { constraint: "AASd-122", message: "first key" }, count: 0, examples: [] }],
    conflicts: [],
  };
  expect(readReport(JSON.stringify(stored))).toEqual({
    evidence: [{ ...stored.evidence[0], message: shown(why) }],
    questions: [{ ...stored.questions[0], message: shown(text) }],
    unknowns: [{ ...stored.unknowns[0], message: shown(text) }],
    conflicts: [],
  });
});
