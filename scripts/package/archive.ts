import { execFileSync } from "node:child_process";

/**
 * A tar of a folder, gzip, the same octets for the same content: names sorted, one time, no owner of the machine that made it.
 * `folder` stands in it under its own name.
 */
export function writeArchive(parent: string, folder: string, file: string, epoch: number): void {
  const tar = [
    "--create",
    "--sort=name",
    `--mtime=@${epoch}`,
    "--owner=root:0",
    "--group=root:0",
    "--numeric-owner",
    "--format=gnu",
    // without the name and time that gzip would note
    "--use-compress-program=gzip -6 -n",
    `--file=${file}`,
    `--directory=${parent}`,
    folder,
  ];
  execFileSync("tar", tar, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, LC_ALL: "C" } });
}
