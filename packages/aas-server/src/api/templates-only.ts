import type { Submodel } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { AasSource, PastDocuments } from "./aas-source.ts";

/**
 * A branch as a submodel repository that holds templates and nothing else (profiles SSP-003 and SSP-004). By AASa-004 a repository that may hold instances
 * must not claim these profiles, so this is one of its own: an instance is not there, and none can be written. Kept whole by every write.
 */
export function templatesOnly(source: AasSource): AasSource {
  const headOf = templateHead(source);
  const demand = (id: string): void => {
    if (headOf(id) === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.noSubmodel", { id }));
  };
  /** Writes to a submodel that must be a template. */
  const ofTemplate =
    <Rest extends readonly unknown[], Result>(write: (id: string, ...rest: Rest) => Promise<Result>) =>
    async (id: string, ...rest: Rest): Promise<Result> => {
      demand(id);
      return write(id, ...rest);
    };
  return {
    ...source,
    ...templateDocuments(source),
    frozen: () => {
      const frozen = source.frozen();
      return { ...frozen, ...templateDocuments(frozen) };
    },
    recentChanges: {
      ...source.recentChanges,
      shell: () => ({ items: [] }),
      submodel: (page, filter) => source.recentChanges.submodel(page, { ...filter, kind: "Template" }),
    },
    submodel: (id) => headOf(id) && source.submodel(id),
    elements: (id, page) => headOf(id) && source.elements(id, page),
    element: (id, path) => headOf(id) && source.element(id, path),
    file: async (owner, path) => headOf(owner) && source.file(owner, path),
    at: (instant) => templatesOfPast(source.at(instant)),
    async createSubmodel(submodel) {
      refuseInstance(submodel.kind);
      await source.createSubmodel(submodel);
    },
    async putSubmodel(submodel) {
      refuseInstance(submodel.kind);
      if (source.submodelHead(submodel.id) !== undefined && headOf(submodel.id) === undefined)
        throw new DoppelwerkError("DW_CONFLICT", message("aasServer.instanceIdTemplate", { id: submodel.id }));
      return source.putSubmodel(submodel);
    },
    async changeSubmodel(id, next) {
      demand(id);
      await source.changeSubmodel(id, () => {
        const submodel = next();
        refuseInstance(submodel.kind);
        return submodel;
      });
    },
    async setMetadata(id, path, next) {
      demand(id);
      await source.setMetadata(id, path, () => {
        const metadata = next();
        if (path === undefined) refuseInstance(metadata["kind"]);
        return metadata;
      });
    },
    deleteSubmodel: ofTemplate(source.deleteSubmodel),
    createElement: ofTemplate(source.createElement),
    putElement: ofTemplate(source.putElement),
    changeElement: ofTemplate(source.changeElement),
    deleteElement: ofTemplate(source.deleteElement),
    setValue: ofTemplate(source.setValue),
    putAttachment: ofTemplate(source.putAttachment),
    deleteAttachment: ofTemplate(source.deleteAttachment),
  };
}

type Documents = Pick<AasSource, "shells" | "shell" | "submodelHeads" | "submodelHead" | "exportedSubmodel">;

function templateDocuments(source: Documents): Documents {
  const headOf = templateHead(source);
  return {
    shells: () => ({ items: [] }),
    shell: () => undefined,
    submodelHeads: (page, filter) => source.submodelHeads(page, { ...filter, kind: "Template" }),
    submodelHead: headOf,
    exportedSubmodel: (id) => headOf(id) && source.exportedSubmodel(id),
  };
}

function templateHead(source: Pick<AasSource, "submodelHead">): (id: string) => Submodel | undefined {
  return (id) => {
    const head = source.submodelHead(id);
    return head?.kind === "Template" ? head : undefined;
  };
}

function templatesOfPast(past: PastDocuments): PastDocuments {
  const templateThen = async (id: string) => {
    const then = await past.submodel(id);
    return then?.kind === "Template" ? then : undefined;
  };
  return {
    ...past,
    shell: () => undefined,
    submodel: templateThen,
    element: async (id, path) => (await templateThen(id)) && past.element(id, path),
  };
}

function refuseInstance(kind: Submodel["kind"] | unknown): void {
  if (kind !== "Template") throw new DoppelwerkError("DW_INVALID", message("aasServer.submodelsKindTemplateKept"));
}
