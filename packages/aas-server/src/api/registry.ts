import { encodeId, type Shell, type Submodel } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import {
  assetIdKey,
  DoppelwerkError,
  shellOf,
  type Change,
  type Json,
  type RecordId,
  type RecordReader,
  type SubmodelRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import { headOf } from "./whole-submodel.ts";
import type { Apply, AssetLink, Listed, Page, Put, Since, Times } from "./aas-source.ts";
import type { Described, DescriptorOf, Endpoint, ShellDescriptor, SubmodelDescriptor } from "./descriptor-shape.ts";
import type { Written } from "./written-in-turn.ts";
import { keepFor, listOwnOrKept, onlyOf, ownOrKept, takeOut, type Kinds, type OwnOrKept } from "./own-or-kept.ts";

export interface DescriptorFilter extends Since {
  readonly assetKind?: string;
  readonly assetType?: string;
  readonly assetIds?: readonly AssetLink[];
}

/**
 * The registry of a branch: its own shells and submodels are in it by themselves; others may be registered, and what is registered for an
 * own id is told in place of our own words. `base` is the URL of the API that the asker used: endpoints of our own begin with it.
 * Errors: DW_CONFLICT (registered already), DW_NOT_FOUND, DW_FORBIDDEN. A call with several is all or nothing.
 */
export interface Registry {
  list<D extends Described>(of: D, base: string, page: Page, filter: DescriptorFilter): Listed<DescriptorOf<D>>;
  /** Ids with the times at which their record, ours or registered, was made and last written. */
  times(of: Described, base: string, page: Page, filter: DescriptorFilter): Listed<Times & { readonly id: string }>;
  find<D extends Described>(of: D, base: string, id: string): DescriptorOf<D> | undefined;
  create<D extends Described>(of: D, base: string, descriptors: readonly DescriptorOf<D>[]): Promise<void>;
  put<D extends Described>(of: D, base: string, descriptors: readonly DescriptorOf<D>[]): Promise<readonly Put[]>;
  /** Reads, changes and writes as one: `next` is asked again where another writer came between. */
  change(base: string, shellId: string, next: () => ShellDescriptor): Promise<void>;
  remove(of: Described, ids: readonly string[]): Promise<void>;
}

export interface RegistryOptions {
  readonly reader: () => RecordReader;
  readonly apply: Apply;
  readonly written: Written;
  /** Name of the branch; undefined on live. */
  readonly branch: string | undefined;
  /** Whether a record was made and last written since, and when. */
  readonly isSince: (reader: RecordReader, record: WorldRecord, filter: Since) => boolean;
  readonly timesOf: (reader: RecordReader, record: WorldRecord) => Times;
  /** Ids of a kind that were written since, ascending; undefined where the filter names no instant. */
  readonly changed: (reader: RecordReader, kind: string, filter: Since) => readonly RecordId[] | undefined;
}

const KINDS: Readonly<Record<Described, Kinds>> = {
  shell: { own: "shell", kept: "shellDescriptor" },
  submodel: { own: "submodel", kept: "submodelDescriptor" },
};
/** Versions of the interfaces that our endpoints serve: clients of either look for theirs by name. */
const VERSIONS = ["3.1", "3.0"];
/** Says on the descriptors of a branch that they are one's (P25). */
const BRANCH_EXTENSION = "DoppelwerkBranch";

export function createRegistry({ reader, apply, written, branch, isSince, timesOf, changed }: RegistryOptions): Registry {
  const told = <D extends Described>(now: RecordReader, of: D, base: string, { own, kept }: OwnOrKept): DescriptorOf<D> =>
    (kept?.["body"] ?? (of === "shell" ? ownShell(now, base, own!.id) : ownSubmodel(base, own as SubmodelRecord))) as DescriptorOf<D>;

  const ownShell = (now: RecordReader, base: string, id: string): ShellDescriptor => {
    const shell = shellOf(now, id)!;
    const submodels = (shell.submodels ?? []).flatMap((reference) => {
      const found = ownOrKept(now, KINDS.submodel, reference.keys.at(-1)?.value ?? "");
      return found === undefined ? [] : [told(now, "submodel", base, found)];
    });
    return {
      ...common(shell),
      ...marked(shell),
      assetKind: shell.assetInformation.assetKind,
      ...picked(shell.assetInformation, "assetType", "globalAssetId", "specificAssetIds"),
      endpoints: endpointsOf("AAS", `${base}/shells/${encodeId(shell.id)}`),
      ...(submodels.length > 0 && { submodelDescriptors: submodels }),
    } as ShellDescriptor;
  };

  const ownSubmodel = (base: string, record: SubmodelRecord): SubmodelDescriptor => {
    const submodel = headOf(record);
    return {
      ...common(submodel),
      ...marked(submodel),
      ...picked(submodel, "semanticId", "supplementalSemanticIds"),
      endpoints: endpointsOf("SUBMODEL", `${base}/submodels/${encodeId(submodel.id)}`),
    } as SubmodelDescriptor;
  };

  const marked = ({ extensions }: Shell | Submodel) => {
    const all = [
      ...(extensions ?? []),
      ...(branch === undefined ? [] : [{ name: BRANCH_EXTENSION, valueType: "xs:string", value: branch }]),
    ];
    return all.length > 0 && { extensions: all };
  };

  /** P25: what a branch serves never enters a live registry. */
  const refuseBranches = (base: string, descriptors: readonly Json[]): void => {
    if (branch !== undefined) return;
    const origin = new URL(base).origin.toLowerCase();
    for (const text of stringsNamed(descriptors, "href"))
      if (text.toLowerCase().startsWith(`${origin}/`) && /^\/worlds\/[^/]+\/branches\//i.test(text.slice(origin.length)))
        throw new DoppelwerkError("DW_FORBIDDEN", message("aasServer.branchWorldNotRegisteredLiveRegistry", { text }));
  };

  const write = async <D extends Described>(of: D, base: string, descriptors: readonly DescriptorOf<D>[], mayReplace: boolean) => {
    refuseBranches(base, descriptors as unknown as readonly Json[]);
    const now = reader();
    const puts: Put[] = [];
    const changes = descriptors.map((descriptor): Change => {
      const present = ownOrKept(now, KINDS[of], descriptor.id);
      // Ours stand there by themselves: who registers what he made here, as clients of two servers do, is the first to.
      if (present?.kept !== undefined && !mayReplace)
        throw new DoppelwerkError("DW_CONFLICT", message("aasServer.descriptor", { of, id: descriptor.id }));
      puts.push(present === undefined ? "created" : "replaced");
      return keepFor(now, KINDS[of].kept, descriptor.id, {
        body: descriptor as unknown as Json,
        ...(descriptor.idShort !== undefined && { idShort: descriptor.idShort }),
      });
    });
    await apply(changes, `AAS registry: ${descriptors.length === 1 ? descriptors[0]!.id : `${descriptors.length} ${of} descriptors`}`);
    return puts;
  };

  const listed = <D extends Described, T>(
    of: D,
    base: string,
    page: Page,
    filter: DescriptorFilter,
    form: (descriptor: DescriptorOf<D>, now: RecordReader, record: WorldRecord) => T,
  ): Listed<T> => {
    const now = reader();
    const keep = (item: OwnOrKept): T | undefined => {
      const record = (item.kept ?? item.own)!;
      if (!isSince(now, record, filter)) return undefined;
      const descriptor = told(now, of, base, item);
      return of === "submodel" || fits(descriptor as ShellDescriptor, filter) ? form(descriptor, now, record) : undefined;
    };
    if (filter.createdFrom === undefined && filter.updatedFrom === undefined) return listOwnOrKept(now, KINDS[of], page, keep);
    const only = onlyOf(now, KINDS[of], (kind) => changed(now, kind, filter) ?? []);
    return listOwnOrKept(now, KINDS[of], page, keep, { only });
  };

  return {
    list: (of, base, page, filter) => listed(of, base, page, filter, (descriptor) => descriptor),
    times: (of, base, page, filter) => listed(of, base, page, filter, ({ id }, now, record) => ({ id, ...timesOf(now, record) })),
    find: (of, base, id) => {
      const now = reader();
      const found = ownOrKept(now, KINDS[of], id);
      return found && told(now, of, base, found);
    },
    create: async (of, base, descriptors) => void (await write(of, base, descriptors, false)),
    put: (of, base, descriptors) => written(turnOf(of, descriptors), () => write(of, base, descriptors, true)),
    async change(base, shellId, next) {
      await written(turnOf("shell", [{ id: shellId }]), () => write("shell", base, [next()], true));
    },
    remove: (of, ids) =>
      written(
        turnOf(
          of,
          ids.map((id) => ({ id })),
        ),
        async () => {
          const now = reader();
          const changes = ids.flatMap((id) => {
            const found = ownOrKept(now, KINDS[of], id);
            if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.noDescriptorWithId", { of, id }));
            return takeOut(now, KINDS[of], found);
          });
          await apply(changes, `AAS registry: took out ${ids.length === 1 ? ids[0] : `${ids.length} ${of} descriptors`}`);
        },
      ),
  };
}

/** One of a bulk request may meet any other: those share a turn. */
function turnOf(of: Described, descriptors: readonly { readonly id: string }[]): string {
  return descriptors.length === 1 ? `${of} descriptor ${descriptors[0]!.id}` : `${of} descriptors`;
}

function common(document: Shell | Submodel) {
  return picked(document, "id", "idShort", "administration", "description", "displayName");
}

function picked<T extends object>(from: T, ...names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))) as Partial<T>;
}

function endpointsOf(name: "AAS" | "SUBMODEL", href: string): readonly Endpoint[] {
  const protocol = new URL(href).protocol.replace(":", "").toUpperCase();
  return VERSIONS.map((version) => ({
    interface: `${name}-${version}`,
    protocolInformation: { href, endpointProtocol: protocol, endpointProtocolVersion: ["1.1"] },
  }));
}

function fits({ assetKind, assetType, globalAssetId, specificAssetIds }: ShellDescriptor, filter: DescriptorFilter): boolean {
  if (filter.assetKind !== undefined && assetKind !== filter.assetKind) return false;
  if (filter.assetType !== undefined && assetType !== filter.assetType) return false;
  const keys = new Set([
    ...(globalAssetId === undefined ? [] : [assetIdKey("globalAssetId", globalAssetId)]),
    ...((specificAssetIds ?? []) as readonly AssetLink[]).map(({ name, value }) => assetIdKey(name, value)),
  ]);
  return (filter.assetIds ?? []).every(({ name, value }) => keys.has(assetIdKey(name, value)));
}

/** Every string under the name, at any depth. */
function stringsNamed(json: unknown, wanted: string): string[] {
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) =>
    name === wanted && typeof value === "string" ? [value] : stringsNamed(value, wanted),
  );
}
