import { verifyDataFolder } from "../compose/verify-folder.ts";

/** Drops every cache, replays the log, compares; exit 1 when anything differs or the hash chain is broken. */
export async function verify(directory: string, options: { readonly json?: boolean }): Promise<void> {
  const report = await verifyDataFolder(directory);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    process.stdout.write(`${report.revisions} revisions replayed, last hash ${report.lastHash}\n`);
    for (const { kind, message, revision } of report.findings)
      process.stdout.write(`${kind}${revision === undefined ? "" : ` at revision ${revision}`}: ${message}\n`);
    process.stdout.write(
      report.findings.length === 0
        ? "good: the state equals the fold of the log, and the hash chain holds\n"
        : `${report.findings.length} findings\n`,
    );
  }
  if (report.findings.length > 0) process.exitCode = 1;
}
