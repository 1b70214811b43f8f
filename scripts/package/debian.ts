import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DEBIAN_NAMES, type Machine } from "./machine.ts";
import { filesIn, putText, setModesOfFolders } from "./stage.ts";

export interface DebianOptions {
  readonly version: string;
  readonly machine: Machine;
  /** Of the newest change, in seconds. */
  readonly epoch: number;
  /** An empty folder for the tree of the package; it is on the file system of the program. */
  readonly folder: string;
  readonly out: string;
}

/** Files of `packaging/debian` that have a place of their own, with their mode. */
const PLACES: Readonly<Record<string, readonly [string, number]>> = {
  "doppelwerk.sh": ["usr/bin/doppelwerk", 0o755],
  "doppelwerk.service": ["usr/lib/systemd/system/doppelwerk.service", 0o644],
  "doppelwerk.conf": ["etc/doppelwerk/doppelwerk.conf", 0o644],
  "doppelwerk.logrotate": ["etc/logrotate.d/doppelwerk", 0o644],
  "README.Debian": ["usr/share/doc/doppelwerk/README.Debian", 0o644],
  copyright: ["usr/share/doc/doppelwerk/copyright", 0o644],
  "examples/low-ports.conf": ["usr/share/doc/doppelwerk/examples/low-ports.conf", 0o644],
  "examples/serial.conf": ["usr/share/doc/doppelwerk/examples/serial.conf", 0o644],
  "examples/memory.conf": ["usr/share/doc/doppelwerk/examples/memory.conf", 0o644],
  "examples/log-files.conf": ["usr/share/doc/doppelwerk/examples/log-files.conf", 0o644],
  postinst: ["DEBIAN/postinst", 0o755],
  prerm: ["DEBIAN/prerm", 0o755],
  postrm: ["DEBIAN/postrm", 0o755],
  conffiles: ["DEBIAN/conffiles", 0o644],
};

/** Moves the staged program into the tree of a Debian package and writes that. Needs dpkg-deb; nothing is run as root. */
export function writeDebian(root: string, program: string, { version, machine, epoch, folder, out }: DebianOptions): void {
  const from = join(root, "packaging/debian");
  mkdirSync(join(folder, "usr/lib"), { recursive: true });
  renameSync(program, join(folder, "usr/lib/doppelwerk"));
  for (const [name, [path, mode]] of Object.entries(PLACES)) putText(join(folder, path), readFileSync(join(from, name), "utf8"), mode);
  const changes = `doppelwerk (${version}) stable; urgency=medium\n\n  * See the repository.\n\n -- Doppelwerk <doppelwerk@localhost>  ${rfc2822(epoch)}\n`;
  const documents = join(folder, "usr/share/doc/doppelwerk");
  putText(join(documents, "changelog.gz"), gzipSync(changes, { level: 9 }));
  // the bill of materials lies in the program; here is where it is looked for
  symlinkSync("../../../lib/doppelwerk/bom.cdx.json", join(documents, "bom.cdx.json"));
  const control = readFileSync(join(from, "control"), "utf8")
    .replace("@VERSION@", version)
    .replace("@ARCHITECTURE@", DEBIAN_NAMES[machine])
    .replace("@INSTALLED_SIZE@", String(installedKilobytes(folder)));
  putText(join(folder, "DEBIAN/control"), control);
  putText(join(folder, "DEBIAN/md5sums"), md5sums(folder));
  setModesOfFolders(folder);
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zzstd", "-z12", "--build", folder, out], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, LC_ALL: "C", SOURCE_DATE_EPOCH: String(epoch) },
  });
}

function installedKilobytes(folder: string): number {
  return filesIn(folder).reduce((sum, path) => sum + Math.ceil(lstatSync(join(folder, path)).size / 1_024), 0);
}

/** For `dpkg --verify`; conffiles are checked by what dpkg notes of them. */
function md5sums(folder: string): string {
  return filesIn(folder)
    .filter((path) => !path.startsWith("DEBIAN/") && !path.startsWith("etc/") && lstatSync(join(folder, path)).isFile())
    .map(
      (path) =>
        `${createHash("md5")
          .update(readFileSync(join(folder, path)))
          .digest("hex")}  ${path}\n`,
    )
    .join("");
}

function rfc2822(epoch: number): string {
  return new Date(epoch * 1_000).toUTCString().replace("GMT", "+0000");
}
