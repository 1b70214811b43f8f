import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Blobs, type Change, type IdSource, type RecordReader, type WorldRecord } from "@doppelwerk/world";
import type { Apply, Listed, Page, Put, StoredFile } from "./aas-source.ts";
import type { UploadedFile } from "./multipart.ts";
import { shellsOfPackage } from "./shells-of-package.ts";
import type { Written } from "./written-in-turn.ts";

/** IDTA-01002, PackageDescription. */
export interface PackageDescription {
  readonly packageId: string;
  readonly aasIds: readonly string[];
}

/**
 * The AASX file server of a branch. Packages are kept as they came, apart from the shells and submodels of the repositories: storing one makes
 * no shell, and changing a shell changes no package. Errors: DW_INVALID (no AASX package), DW_NOT_FOUND.
 */
export interface Packages {
  list(page: Page, aasId: string | undefined): Listed<PackageDescription>;
  file(packageId: string): Promise<StoredFile | undefined>;
  /** Without `aasIds` the package itself is asked what shells it holds. */
  create(file: UploadedFile, aasIds: readonly string[]): Promise<PackageDescription>;
  put(
    packageId: string,
    file: UploadedFile,
    aasIds: readonly string[],
  ): Promise<{ readonly put: Put; readonly description: PackageDescription }>;
  remove(packageId: string): Promise<void>;
}

interface PackageRecord extends WorldRecord {
  readonly kind: "aasxPackage";
  readonly fileName: string;
  readonly aasIds: readonly string[];
  /** SHA-256 of the bytes. */
  readonly hash: string;
  readonly size: number;
}

export const AASX_TYPE = "application/asset-administration-shell-package";
const KIND = "aasxPackage";
/** ShortIdType of IDTA-01002. */
const MAX_ID = 128;

export function createPackages(reader: () => RecordReader, apply: Apply, written: Written, blobs: Blobs, ids: IdSource): Packages {
  const recordOf = (packageId: string) => reader().get(`${KIND}:${packageId}`) as PackageRecord | undefined;

  const fieldsOf = async (file: UploadedFile, aasIds: readonly string[]) => {
    const { hash, size } = file.staged;
    const shells = await shellsOfPackage(file.staged);
    await file.staged.keep(AASX_TYPE);
    return { fileName: file.name, aasIds: aasIds.length > 0 ? aasIds : shells, hash, size };
  };

  type Fields = Awaited<ReturnType<typeof fieldsOf>>;

  const create = async (packageId: string, file: UploadedFile, fields: Fields): Promise<PackageDescription> => {
    await apply([{ op: "create", record: { id: `${KIND}:${packageId}`, kind: KIND, ...fields } }], `AASX file server: stored ${file.name}`);
    return { packageId, aasIds: fields.aasIds };
  };

  return {
    list(page, aasId) {
      const index = aasId === undefined ? undefined : { name: "aasId", value: aasId };
      const { after, limit } = page;
      const found = reader().query({ kind: KIND, ...(index && { index }), ...(after !== undefined && { after }), limit: limit + 1 });
      const items = found.slice(0, limit).map((record) => descriptionOf(record as PackageRecord));
      return { items, ...(found.length > limit && { next: found[limit - 1]!.id }) };
    },
    async file(packageId) {
      const record = recordOf(packageId);
      const blob = record && (await blobs.open(record.hash));
      return blob && { size: blob.size, pieces: () => blob.pieces(), contentType: AASX_TYPE, name: record.fileName };
    },
    create: async (file, aasIds) => create(idOfRecord(ids.next(KIND)), file, await fieldsOf(file, aasIds)),
    async put(packageId, file, aasIds) {
      if (packageId.length > MAX_ID) throw new DoppelwerkError("DW_INVALID", message("aasServer.packageIdMostCharacters", { max: MAX_ID }));
      const fields = await fieldsOf(file, aasIds);
      return written(`package ${packageId}`, async () => {
        const before = recordOf(packageId);
        if (before === undefined) return { put: "created", description: await create(packageId, file, fields) };
        const changes = Object.entries(fields).map(([name, to]) => [name, { from: before[name], to }] as const);
        const change: Change = { op: "update", id: before.id, fields: Object.fromEntries(changes) };
        await apply([change], `AASX file server: replaced ${file.name}`);
        return { put: "replaced", description: { packageId, aasIds: fields.aasIds } };
      });
    },
    remove: (packageId) =>
      written(`package ${packageId}`, async () => {
        const record = recordOf(packageId);
        if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.noPackage", { id: packageId }));
        await apply([{ op: "delete", record }], `AASX file server: deleted ${record.fileName}`);
      }),
  };
}

function idOfRecord(id: string): string {
  return id.slice(KIND.length + 1);
}

function descriptionOf({ id, aasIds }: PackageRecord): PackageDescription {
  return { packageId: idOfRecord(id), aasIds };
}
