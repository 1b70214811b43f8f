import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import type { ChosenColumns } from "@doppelwerk/connectors/event-log";
import { connections, importer, type Importer } from "@doppelwerk/ports";
import type { autoTwin } from "../feature.ts";
import { PlantFiles } from "./plant-files.ts";
import { ProposalService } from "./proposal-service.ts";

interface Dismissable {
  readonly dismissed?: { readonly by: string; readonly at: number } | undefined;
}

/** Proposals: a twin of what a plant, a file or an event log offers, as a branch with a merge request. */
export const open: Open<typeof autoTwin> = async (ctx) => {
  const importerNow = (): Importer => {
    const found = ctx.find(importer);
    if (found === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("autoTwin.importOff"));
    return found;
  };
  const files = new PlantFiles({ ids: ctx.ids, importer: importerNow });
  const proposals = new ProposalService({
    files,
    plants: ctx.use(connections),
    importer: importerNow,
    blobs: ctx.blobs,
    clock: ctx.clock,
    ids: ctx.ids,
    log: ctx.log,
  });
  /** Documents have ids; a name that one of before has stays as it is. */
  const named = <State extends Dismissable>(state: State): State => {
    const { dismissed } = state;
    return dismissed?.by.includes(":") ? { ...state, dismissed: { ...dismissed, by: ctx.nameOf(dismissed.by) } } : state;
  };
  return {
    handlers: {
      "autoTwin.lookIntoFile": async ({ view, query: { name, ...chosen }, body }) => {
        return files.look(view.principal, name, await body.bytes(), given(chosen));
      },
      "autoTwin.proposals": async ({ view }) => proposals.list(view.documents).map(named),
      "autoTwin.propose": async ({ view, body }) => proposals.start(view, body),
      "autoTwin.proposal": async ({ view, params }) => named(await proposals.report(view.documents, params.id)),
      "autoTwin.dismiss": async ({ view, params, body }) => named(await proposals.dismiss(view.documents, params.id, body.dismissed)),
    },
    ports: {},
    close: async () => {},
  };
};

function given(chosen: { readonly [name: string]: string | undefined }): ChosenColumns {
  return Object.fromEntries(Object.entries(chosen).filter(([, name]) => name !== undefined));
}
