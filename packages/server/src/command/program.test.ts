import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, onTestFinished, test, vi } from "vitest";
import { runProgram } from "./program.ts";

/** Exit code and stderr of a command that throws this. */
async function failing(error: unknown): Promise<readonly [code: number, stderr: string]> {
  let stderr = "";
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  onTestFinished(() => write.mockRestore());
  const fail = (program: { command(name: string): { action(run: () => never): unknown } }): void =>
    void program.command("fail").action(() => {
      throw error;
    });
  const code = await runProgram(["fail"], { commands: [fail as never] });
  write.mockRestore();
  return [code, stderr];
}

test("[SV171] a refused command ends its line with the code of the error, of a failed connection with its cause; each leads to the guide", async () => {
  const guide = readFileSync(fileURLToPath(new URL("../../../../docs/guide/errors.md", import.meta.url)), "utf8");
  const missing = new DoppelwerkError("DW_NOT_FOUND", message("server.noWorld", { name: "mill" }));
  expect(await failing(missing)).toEqual([1, "doppelwerk: there is no world mill (DW_NOT_FOUND)\n"]);
  const reason = message("connectors.connectionRefused", { address: "http://127.0.0.1:1" });
  const away = new DoppelwerkError("DW_UNAVAILABLE", message("server.noServerAnswers", { server: "http://127.0.0.1:1", reason }));
  const [code, line] = await failing(away);
  expect([code, line]).toEqual([1, expect.stringMatching(/^doppelwerk: [^\n]+ \(connectors\.connectionRefused\)\n$/)]);
  for (const each of ["DW_NOT_FOUND", "connectors.connectionRefused", "DW_BUG"]) expect(guide).toContain(`| \`${each}\` |`);
});

test("[SV171] what is no refusal is a defect, DW_BUG, with the lines to report", async () => {
  const [code, lines] = await failing(new TypeError("x is undefined"));
  expect(code).toBe(1);
  expect(lines).toMatch(/^doppelwerk: a defect; report it with these lines \(DW_BUG\)\nTypeError: x is undefined\n +at /);
});
