import { HOME_WORLD } from "@doppelwerk/client";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { ListedFeature } from "../features/resolve.ts";
import { PROPERTY_CLASS, type PropertyClassRecord } from "../property-classes/class-record.ts";
import { workingOnFolder, type FolderCommandOptions } from "./folder-worlds.ts";

type ClassesOptions = FolderCommandOptions & { readonly world?: string };

/** The property classes of a world. */
export async function listClasses(options: ClassesOptions, features: readonly ListedFeature[]): Promise<void> {
  const classes = await workingOnFolder(options, features, async ({ worlds }) => {
    const { world, leave } = await worlds.registry.enter(options.world ?? HOME_WORLD);
    try {
      const found = world.personal.view().reader(LIVE).query({ kind: PROPERTY_CLASS }) as readonly PropertyClassRecord[];
      return found.map(({ id, name, enabled }) => ({ id, name, enabled }));
    } finally {
      leave();
    }
  });
  printAnswer(options, { classes }, classes.map(({ name, enabled }) => `${enabled ? "enabled " : "disabled"} ${name}`).join("\n"));
}

/**
 * Disables a property class that nobody could change any more, whatever approvals it needs: who has the folder has the plant. It is a change of the server
 * itself, with its reason, in the change log and in the transparency log. Errors: DW_NOT_FOUND, DW_CONFLICT.
 */
export async function disableClass(name: string, options: ClassesOptions, features: readonly ListedFeature[]): Promise<void> {
  const disabled = await workingOnFolder(options, features, async ({ worlds }) => {
    const { world, leave } = await worlds.registry.enter(options.world ?? HOME_WORLD);
    try {
      const view = world.personal.view();
      const all = view.reader(LIVE).query({ kind: PROPERTY_CLASS }) as readonly PropertyClassRecord[];
      const found = all.filter((one) => one.id === name || one.name === name);
      const [record, ...others] = found;
      if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noClassNamed", { name }));
      if (others.length > 0)
        throw new DoppelwerkError("DW_CONFLICT", message("server.classesOfOneName", { name, ids: found.map(({ id }) => id).join(", ") }));
      if (record.enabled)
        await view.apply({
          branch: LIVE,
          reason: message("server.logClassDisabledOnMachine", { name: record.name }),
          changes: [{ op: "update", id: record.id, fields: { enabled: { from: true, to: false } } }],
        });
      await world.personal.settled();
      return { id: record.id, name: record.name, enabled: false, changed: record.enabled };
    } finally {
      leave();
    }
  });
  printAnswer(
    options,
    disabled,
    disabled.changed ? `${disabled.name} is disabled; the log says so` : `${disabled.name} was disabled already`,
  );
}
