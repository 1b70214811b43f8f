import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Control, ControlList, ControlState } from "@doppelwerk/client";
import { DataTable, ListPart, LoadedCard, saveFile, useLoad, useStudio, useTask, useWords, type Column } from "@doppelwerk/ui";

const STATES = ["met", "partly", "gap", "notApplicable"] as const satisfies readonly ControlState[];
type Shown = ControlState | "open" | "all";

/** What the product does about lists of security requirements: numbers, each requirement with its proof, and the report; to administrators. */
export default function ControlsCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => client.controlLists({ signal }), []);
  const count = (state: ControlState) => (list: ControlList) => list.controls.filter((each) => each.state === state).length;
  const columns: readonly Column<ControlList>[] = [
    { title: t("settings.controlsList"), cell: ({ title }) => title },
    ...STATES.map((state) => ({ title: t(`settings.controls.${state}`), cell: count(state), isNumber: true })),
  ];
  return (
    <LoadedCard title={t("settings.controls")} absentOn={["DW_FORBIDDEN"]} loaded={loaded}>
      {(lists) => (
        <>
          <DataTable caption={t("settings.controls")} className="dw-list" columns={columns} rows={lists} keyOf={({ id }) => id} />
          <p className="dw-fine dw-log-note">{t("settings.controlsNote")}</p>
          <div className="dw-row-tools">
            <Download label={t("settings.controlsReport")} name="doppelwerk-controls.html" read={() => client.controlReport()} />
            <Download label={t("settings.billOfMaterials")} name="bom.cdx.json" read={() => client.billOfMaterials()} />
          </div>
          {lists.length > 0 && <Controls lists={lists} />}
        </>
      )}
    </LoadedCard>
  );
}

/** The requirements of one list; at first those that are not met. */
function Controls({ lists }: { readonly lists: readonly ControlList[] }): ReactNode {
  const { t } = useWords();
  const [chosen, setChosen] = useState(lists[0]!.id);
  const [shown, setShown] = useState<Shown>("open");
  const list = lists.find(({ id }) => id === chosen) ?? lists[0]!;
  const controls = list.controls.filter(({ state }) =>
    shown === "all" ? true : shown === "open" ? state === "partly" || state === "gap" : state === shown,
  );
  const columns: readonly Column<Control>[] = [
    { title: t("settings.controlsId"), cell: ({ id }) => <span className="dw-control-id">{id}</span> },
    { title: t("settings.controlsRequirement"), cell: (control) => <Requirement control={control} proofs={list.proofs} /> },
    {
      title: t("settings.controlsState"),
      cell: ({ state }) => <span className={`dw-control-state is-${state}`}>{t(`settings.controls.${state}`)}</span>,
    },
  ];
  return (
    <>
      <div className="dw-control-choice">
        <NativeSelect
          size="sm"
          label={t("settings.controlsList")}
          value={list.id}
          data={lists.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <NativeSelect
          size="sm"
          label={t("settings.controlsState")}
          value={shown}
          data={(["open", "all", ...STATES] as const).map((each) => ({ value: each, label: t(`settings.controls.${each}`) }))}
          onChange={(event) => setShown(event.currentTarget.value as Shown)}
        />
      </div>
      <ListPart
        // another choice begins with its first page
        key={`${list.id} ${shown}`}
        caption={list.title}
        columns={columns}
        rows={controls}
        keyOf={({ id }) => id}
        empty={t("settings.controlsNone")}
        textOf={({ id, statement, reason = "", tests = [], documents = [] }) => [id, statement, reason, ...tests, ...documents].join(" ")}
      />
    </>
  );
}

interface RequirementProps {
  readonly control: Control;
  readonly proofs: ControlList["proofs"];
}

/** What is asked for, what is done or missing, and what shows it: its tests by what they say. */
function Requirement({ control: { statement, reason, tests = [], documents = [] }, proofs }: RequirementProps): ReactNode {
  const { t } = useWords();
  const said = tests.flatMap((rule) => (proofs[rule] ?? []).map((test) => ({ rule, ...test })));
  return (
    <>
      {statement}
      {reason !== undefined && <small>{reason}</small>}
      {said.length + documents.length > 0 && (
        <details className="dw-control-proof">
          <summary>{t("settings.controlsProofs", { tests: said.length, documents: documents.length })}</summary>
          <ul>
            {documents.map((path) => (
              <li key={path}>
                <Document path={path} />
              </li>
            ))}
            {said.map(({ rule, title, file }) => (
              <li key={`${rule} ${title} ${file}`}>
                <b>{rule}</b> {title.replace(/^(?:\[[^\]]*\] ?)+/, "")} <code>{file}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Guides are served; other documents are paths in the repository. */
function Document({ path }: { readonly path: string }): ReactNode {
  const guide = /^docs\/guide\/([a-z-]+)\.md$/.exec(path)?.[1];
  if (guide === undefined) return <code>{path}</code>;
  return (
    <a href={`/guide/${guide}`} target="_blank" rel="noreferrer">
      {path}
    </a>
  );
}

interface DownloadProps {
  readonly label: string;
  readonly name: string;
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
}

function Download({ label, name, read }: DownloadProps): ReactNode {
  const studio = useStudio();
  const task = useTask((_, error) => studio.notifyFailure(error));
  return (
    <Button size="sm" variant="default" loading={task.busy} onClick={() => task.run(async () => saveFile(name, await read()))}>
      {label}
    </Button>
  );
}
