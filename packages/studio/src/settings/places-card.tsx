import { Switch, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import type { NewPlaceRoles, PlaceAct, PlaceRoles } from "@doppelwerk/client";
import { DataTable, useLoad, useStudio, useWords, type Column, type SentForm } from "@doppelwerk/ui";
import { AccessPreview } from "./access-preview.tsx";
import { assignmentsOf, rolesOf, textOfAssignments, textOfRoles, type Names } from "./place-lines.ts";
import { SetDialog, SetsCard, type Edited } from "./sets-card.tsx";

/** Who acts where. */
export default function PlacesCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const sets = useLoad((signal) => client.placeRoles({ signal }), []);
  const names = useLoad((signal) => namesOf(client, signal), []).value;
  const known = useLoad((signal) => client.placeActs({ signal }), []).value;
  return (
    <SetsCard
      title={t("settings.places")}
      note={(all) => t(noteOf(all))}
      loaded={sets}
      columns={[
        { title: t("settings.placesRoles"), cell: ({ roles }) => roles.length, isNumber: true },
        { title: t("settings.placesAssignments"), cell: ({ assignments }) => assignments.length, isNumber: true },
      ]}
      empty={t("settings.placesNone")}
      add={t("settings.placesAdd")}
      isReady={names !== undefined && known !== undefined}
      remove={({ id }) => client.removePlaceRoles(id)}
      editor={(edited) => <EditSet {...edited} names={names!} actions={known!.actions} acts={known!.acts} />}
    />
  );
}

function noteOf(sets: readonly PlaceRoles[]) {
  const enabled = sets.filter((set) => set.enabled);
  if (enabled.length === 0) return "settings.accessByRole";
  return enabled.some(({ otherwise = "deny" }) => otherwise === "deny") ? "settings.placesPlaced" : "settings.placesBeside";
}

/** What people call accounts, machines and places, with their ids. */
async function namesOf({ accounts, machines, placesOf }: Sources, signal: unknown): Promise<Names> {
  const [people, programs, places] = await Promise.all([accounts({ signal }), machines({ signal }), placesOf({ signal })]);
  return {
    who: [...people.map(({ id, login }) => ({ id, name: login })), ...programs.map(({ id, name }) => ({ id, name }))],
    places: places.map(({ id, name }) => ({ id, name })),
  };
}

interface Sources {
  accounts(call: { readonly signal: unknown }): Promise<readonly { readonly id: string; readonly login: string }[]>;
  machines(call: { readonly signal: unknown }): Promise<readonly { readonly id: string; readonly name: string }[]>;
  placesOf(call: { readonly signal: unknown }): Promise<readonly { readonly id: string; readonly name: string }[]>;
}

interface Typed {
  readonly name: string;
  readonly roles: string;
  readonly assignments: string;
  readonly enabled: boolean;
  readonly isStrict: boolean;
}

interface EditSetProps extends Edited<PlaceRoles> {
  readonly names: Names;
  readonly actions: readonly string[];
  readonly acts: readonly PlaceAct[];
}

function EditSet({ set, others, names, actions, acts, ...dialog }: EditSetProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const known = new Set([...actions, ...acts.map(({ id }) => id)]);
  const givenOf = ({ name, enabled, isStrict, ...texts }: Typed): NewPlaceRoles | undefined => {
    const [roles, assignments] = [rolesOf(texts.roles, known), assignmentsOf(texts.assignments, names)];
    if ("line" in roles || "line" in assignments) return undefined;
    return { name: name.trim(), roles, assignments, enabled, otherwise: isStrict ? "deny" : "roles" };
  };
  return (
    <SetDialog
      {...dialog}
      title={set?.name ?? t("settings.placesAdd")}
      size={720}
      initial={{
        name: set?.name ?? "",
        roles: set === undefined ? "" : textOfRoles(set.roles),
        assignments: set === undefined ? "role:engineer; engineer; *" : textOfAssignments(set.assignments, names),
        enabled: set?.enabled ?? true,
        isStrict: (set?.otherwise ?? "deny") === "deny",
      }}
      givenOf={givenOf}
      check={async (given) => (
        <AccessPreview people={await client.previewPlaceRoles([...others.map(({ id: _id, ...other }) => other), given])} isOfPlaces />
      )}
      save={(given) => (set === undefined ? client.createPlaceRoles(given) : client.changePlaceRoles(set.id, given))}
    >
      {(form) => (
        <>
          <Lines form={form} of="roles" fault={rolesOf(form.values.roles, known)} rows={4} />
          <Acts acts={acts} />
          <Lines form={form} of="assignments" fault={assignmentsOf(form.values.assignments, names)} rows={8} />
          <Switch
            label={t("settings.placesStrict")}
            description={t("settings.placesStrictNote")}
            {...form.field("isStrict", { type: "checkbox" })}
          />
        </>
      )}
    </SetDialog>
  );
}

/** What features declare, to be copied into a role. */
function Acts({ acts }: { readonly acts: readonly PlaceAct[] }): ReactNode {
  const { t, language } = useWords();
  const columns: readonly Column<PlaceAct>[] = [
    { title: t("settings.placesAct"), cell: ({ id }) => <code>{id}</code> },
    { title: t("settings.placesActOf"), cell: ({ action, title }) => title?.[language] ?? action },
    { title: t("settings.placesOperations"), cell: ({ operations }) => operations.join(", ") },
  ];
  return (
    <details>
      <summary>{t("settings.placesActs")}</summary>
      <DataTable caption={t("settings.placesActs")} className="dw-written" columns={columns} rows={acts} keyOf={({ id }) => id} />
    </details>
  );
}

const LABELS = {
  roles: ["settings.placesRoles", "settings.placesRolesNote"],
  assignments: ["settings.placesAssignments", "settings.placesAssignmentsNote"],
} as const;

interface LinesProps {
  readonly form: SentForm<Typed>;
  readonly of: keyof typeof LABELS;
  readonly fault: object;
  readonly rows: number;
}

function Lines({ form, of, fault, rows }: LinesProps): ReactNode {
  const { t } = useWords();
  const [label, note] = LABELS[of];
  return (
    <Textarea
      label={t(label)}
      description={t(note)}
      classNames={{ input: "dw-access-text" }}
      rows={rows}
      spellCheck={false}
      {...form.field(of)}
      {...("line" in fault && { error: t("settings.placesLine", { line: String(fault.line) }) })}
    />
  );
}
