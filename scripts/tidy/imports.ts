import { readFileSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { compileSetFor, isPure } from "./file-sets.ts";
import type { House } from "./house.ts";
import type { Source } from "./sources.ts";

const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/, "reads the clock; take a Clock"],
  [/\bMath\.random\b|\bcrypto\.(?:getRandomValues|randomUUID)\b/, "draws chance; take an Rng or IdSource"],
  [/\bsetTimeout\b|\bsetInterval\b|\bqueueMicrotask\b/, "waits by itself; be told the time"],
  [/\bconsole\.|\bprocess\.|(?<![.\w])fetch\(|(?<![.\w])document\.|(?<![.\w])window\./, "touches the outside world"],
];
const grabBag = /^(utils?|helpers?|common|types|misc|manager|service)\.tsx?$/;

/** Names, purity and arrows of everything in a room: a package, a pack, an example, an app or a feature. */
export function checkSources(root: string, house: House, sources: readonly Source[]): string[] {
  const inRooms = sources.filter(({ file }) => /^(?:packages|packs|examples|apps)\/[^/]+\/src\/|^features\/[^/]+\//.test(file));
  const manifests = new Manifests(root);
  return inRooms.flatMap((source) => [
    ...checkText(house, source),
    ...source.imports.flatMap(({ specifier }) => checkImport(house, manifests, source, specifier)),
  ]);
}

function checkText(house: House, { file, text, isTest }: Source): string[] {
  const complaints: string[] = [];
  const [area, room] = file.split("/");
  if (grabBag.test(basename(file))) complaints.push(`${file}: a grab-bag name; name the file after its noun`);
  if (isTest) return complaints;
  const code = withoutComments(text);
  if (isPure(file, house.pure))
    for (const [pattern, why] of impure) if (pattern.test(code)) complaints.push(`${file}: ${why} (${pattern.exec(code)![0]})`);
  if ((area === "packages" || area === "features") && room !== "server" && /\bprocess\.env\b/.test(code))
    complaints.push(`${file}: only server and apps read the environment`);
  if (
    /^packages\/server\/src\/(?!compose\/|command\/)|^features\//.test(file) &&
    /import type \{[^}]*\bWorld\b[^}]*\} from "@doppelwerk\/world"/.test(text)
  )
    complaints.push(`${file}: only compose holds a raw World; take a WorldView`);
  return complaints;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/[^\n]*/g, "$1");
}

function checkImport(house: House, manifests: Manifests, { file, isTest }: Source, specifier: string): string[] {
  const room = roomOf(file);
  if (specifier.startsWith(".")) return checkRelative(file, isTest, posix.join(posix.dirname(file), specifier));
  if (specifier.startsWith("node:")) return isPure(file, house.pure) && !isTest ? [`${file}: a pure room imports ${specifier}`] : [];
  const packageName = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (packageName.startsWith("@doppelwerk/"))
    return checkPackage(house, { file, isTest }, packageName.slice("@doppelwerk/".length), specifier.endsWith("/in-browser"));
  // what `pack new` writes has React of the studio
  if (packageName === "react" && file.startsWith("packages/server/src/packs/skeleton/studio/")) return [];
  return manifests.declares(room, packageName, isTest) ? [] : [`${file}: ${packageName} is not declared in ${manifests.pathOf(room)}`];
}

/** `packages/world`, `features/alarms`, `scripts`. */
export function roomOf(file: string): string {
  const [area, room] = file.split("/") as [string, string?];
  return /^(?:packages|packs|examples|apps|features)$/.test(area) ? `${area}/${room}` : area;
}

function checkRelative(file: string, isTest: boolean, target: string): string[] {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === to) return [];
  if (to.startsWith("features/")) {
    if (!from.startsWith("features/"))
      return from.startsWith("apps/") ? [] : [`${file}: ${from} imports the feature ${to}; the kernel, the shell and packs know none`];
    const isFixture = isTest && /^features\/[^/]+\/[^/]+\.fixture\.ts$/.test(target);
    return isFixture || /^features\/[^/]+\/(?:contract|calls|port)\.ts$/.test(target)
      ? []
      : [`${file}: imports ${target}; of another feature only contract.ts, calls.ts and port.ts, and in tests its fixtures`];
  }
  return isTest ? [] : [`${file}: reaches into ${to} by a relative path`];
}

function checkPackage(house: House, { file, isTest }: Pick<Source, "file" | "isTest">, other: string, isForBrowser: boolean): string[] {
  const [area, room] = roomOf(file).split("/") as [string, string];
  if (other === "features")
    return area === "apps"
      ? []
      : [`${file}: ${area}/${room} imports a feature by a package name; features use relative paths, and nothing but apps knows them`];
  if (area === "apps" || area === "examples" || isTest) return [];
  if (other === "demo-plant") return [`${file}: the product never imports the demo plant`];
  if (area === "packs") return other === "kit" ? [] : [`${file}: a pack imports only @doppelwerk/kit, not @doppelwerk/${other}`];
  if (area === "features") return checkFeaturePackage(house, file, other, isForBrowser);
  return other === room || house.arrows[room]?.includes(other) ? [] : [`${file}: ${room} → ${other} is not an arrow of house.json`];
}

/**
 * The pure part of a feature takes pure packages, its server part all but those of the browser, its views all but those of Node. An entry of a package
 * that is called `in-browser` is for views: they are compiled without the types of Node, so that it stays what it says.
 */
function checkFeaturePackage(house: House, file: string, other: string, isForBrowser: boolean): string[] {
  if (house.arrows[other] === undefined)
    return [`${file}: a feature imports packages and other features' contracts, not @doppelwerk/${other}`];
  if (isPure(file, house.pure))
    return house.pure.includes(other) ? [] : [`${file}: the pure part of a feature imports @doppelwerk/${other}, which is not pure`];
  const isBrowserRoom = other === "studio" || other === "ui";
  if (compileSetFor(file, house.pure) === "tsconfig.json")
    return isBrowserRoom ? [`${file}: the server part of a feature imports @doppelwerk/${other}`] : [];
  return isBrowserRoom || isForBrowser || house.pure.includes(other)
    ? []
    : [`${file}: a view of a feature imports @doppelwerk/${other}, which runs on Node`];
}

/** The third-party packages that a room declares. A test may also use what the repository declares for its tests. */
class Manifests {
  private readonly declared = new Map<string, ReadonlySet<string>>();
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  pathOf(room: string): string {
    return `${room.startsWith("features/") ? "features" : room}/package.json`;
  }

  declares(room: string, name: string, isTest: boolean): boolean {
    return this.read(this.pathOf(room)).has(name) || (isTest && this.read("package.json").has(name));
  }

  private read(path: string): ReadonlySet<string> {
    let names = this.declared.get(path);
    if (names === undefined) {
      const { dependencies, devDependencies } = JSON.parse(readFileSync(join(this.root, path), "utf8")) as Record<
        string,
        object | undefined
      >;
      names = new Set(Object.keys({ ...dependencies, ...devDependencies }));
      this.declared.set(path, names);
    }
    return names;
  }
}
