import { verifyDataFolder } from "../compose/verify-folder.ts";

/** Reads everything, replays the log, compares; changes nothing. Exit 1 when anything is damaged or differs. */
export async function verify(directory: string, options: { readonly json?: boolean }): Promise<void> {
  const report = await verifyDataFolder(directory);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const { revisions, lastHash, samples, files, findings, notices, notChecked, worlds } = report;
    const lines = [
      `${revisions} revisions replayed, last hash ${lastHash}; ${samples} samples and ${files} other files read`,
      ...worlds.map(
        (world) => `world ${world.name}: ${world.revisions} revisions, ${world.samples} samples and ${world.files} other files read`,
      ),
      ...findings.map(
        ({ kind, file, message, revision }) => `${kind} in ${file}${revision === undefined ? "" : ` at revision ${revision}`}: ${message}`,
      ),
      ...notices.map(({ file, message }) => `note on ${file}: ${message}`),
      ...notChecked.map(({ file, why }) => `not checked in ${file}: ${why}`),
      findings.length === 0
        ? "good: the state equals the fold of the log, the hash chain holds, and every checksum matches"
        : `${findings.length} findings`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  if (report.findings.length > 0) process.exitCode = 1;
}
