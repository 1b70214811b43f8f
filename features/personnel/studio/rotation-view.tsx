import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  clockText,
  DataTable,
  Empty,
  fixedText,
  ScrollRegion,
  TaskProblem,
  useLoad,
  useProposedEdit,
  useScope,
  useStudio,
  useTask,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Rotation } from "../contract.ts";
import type {} from "../message-codes.ts";
import { DayHead, nameOf } from "./roster-view.tsx";
import { KINDS, useDay } from "./use-day.ts";

/** A rotation between the breaks of a shift: proposed, looked at, and taken into the roster by a merge request. */
export function RotationView(): ReactNode {
  const { client } = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { day, at, choose } = useDay();
  const task = useTask();
  const [wanted, setWanted] = useState("");
  const [found, setFound] = useState<{ readonly key: string; readonly rotation: Rotation }>();
  const loaded = useLoad({
    key: ["GET /personnel/roster", branch, day, at],
    run: ({ client: own }, signal) => calls.roster(own, { query: { branch, date: day, ...(at !== undefined && { t: at }) } }, { signal }),
    changedBy: { kinds: KINDS },
  });
  const choices = (loaded.value?.shifts ?? []).flatMap(({ shift, places }) =>
    [...new Set(places.filter(({ station, role }) => station !== "" && role === "operator").map(({ line }) => line))].map((line) => ({
      value: `${shift}\n${line}`,
      label: line === "" ? shift : `${shift} · ${line}`,
    })),
  );
  const chosen = choices.find(({ value }) => value === wanted) ?? choices[0];
  const key = `${branch} ${day} ${chosen?.value ?? ""}`;
  const rotation = found?.key === key ? found.rotation : undefined;
  const propose = (): void =>
    task.run(async () => {
      const [shift = "", line = ""] = (chosen?.value ?? "").split("\n");
      setFound({ key, rotation: await calls.proposeRotation(client, { body: { branch, date: day, shift, line } }) });
    });
  return (
    <>
      <DayHead day={day} onDay={choose}>
        {chosen !== undefined && (
          <>
            <NativeSelect
              size="sm"
              aria-label={t("personnel.column.shift")}
              data={choices}
              value={chosen.value}
              onChange={({ currentTarget: { value } }) => setWanted(value)}
            />
            <Button size="sm" loading={task.busy} disabled={loaded.value?.isKeeper !== true} onClick={propose}>
              {t("personnel.proposeRotation")}
            </Button>
          </>
        )}
      </DayHead>
      <p className="dw-note">{t("personnel.rotationNote")}</p>
      <TaskProblem task={task} />
      {loaded.value !== undefined && chosen === undefined && <Empty title={t("personnel.noRoster")} text={t("personnel.noRosterText")} />}
      {rotation !== undefined && <Proposal rotation={rotation} onStored={() => setFound(undefined)} />}
    </>
  );
}

function Proposal({ rotation, onStored }: { readonly rotation: Rotation; readonly onStored: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const { edit, busy } = useProposedEdit(t("personnel.failed"), onStored);
  const { date, shift, line, edition, gap, unknown, plan } = rotation;
  if (gap !== undefined)
    return (
      <Card title={t("personnel.noRotation")}>
        <p>
          {t("personnel.rotationGap", {
            stations: gap.stations.join(", "),
            needed: gap.needed,
            have: gap.workers.length,
            names: gap.workers.map((worker) => nameOf(worker) ?? "").join("; ") || t("personnel.nobody"),
          })}
        </p>
      </Card>
    );
  const accept = (): void =>
    edit(`${t("personnel.tab.rotation")} ${date} ${shift} ${line}`, (branch) =>
      calls.storeShift(client, { params: { date, shift }, query: { branch }, body: { fields: plan!, expected: edition } }),
    );
  const facts = [
    t("personnel.rotationLoad", { highest: fixedText(rotation.highest ?? 0, 1), before: fixedText(rotation.highestBefore ?? 0, 1) }),
    t("personnel.rotationChanges", { count: rotation.changes ?? 0 }),
    rotation.isOptimal === true ? t("personnel.rotationBest") : t("personnel.rotationBound", { bound: fixedText(rotation.bound ?? 0, 1) }),
  ];
  return (
    <>
      <Card title={`${shift} ${line}`} note={facts.join(" · ")}>
        <Places rotation={rotation} />
        {unknown.length > 0 && <p className="dw-note">{t("personnel.rotationUnknown", { stations: unknown.join(", ") })}</p>}
        <p>
          <Button size="sm" loading={busy} onClick={accept}>
            {t("personnel.acceptRotation")}
          </Button>
        </p>
      </Card>
      <Card title={t("personnel.loads")} note={t("personnel.loadsNote")}>
        <DataTable
          caption={t("personnel.loads")}
          columns={[
            { title: t("personnel.who"), cell: (row) => nameOf(row), sortBy: (row) => nameOf(row) },
            {
              title: t("personnel.loadBefore"),
              isNumber: true,
              cell: ({ before }) => fixedText(before, 1),
              sortBy: ({ before }) => before,
            },
            { title: t("personnel.loadAfter"), isNumber: true, cell: ({ load }) => fixedText(load, 1), sortBy: ({ load }) => load },
          ]}
          rows={rotation.loads ?? []}
          keyOf={({ worker }) => worker}
        />
      </Card>
    </>
  );
}

/** Stations by the parts of the shift. */
function Places({ rotation: { blocks, places = [] } }: { readonly rotation: Rotation }): ReactNode {
  const { t, zone } = useWords();
  const stations = [...new Set(places.map(({ station }) => station))].toSorted();
  return (
    <ScrollRegion label={t("personnel.tab.rotation")} className="dw-rotation-places">
      <table className="dw-written" aria-label={t("personnel.tab.rotation")}>
        <thead>
          <tr>
            <th scope="col">{t("personnel.place")}</th>
            {blocks.map(({ from, to }) => (
              <th key={from} scope="col">
                {clockText(from, zone, false)}–{clockText(to, zone, false)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stations.map((station) => (
            <tr key={station}>
              <th scope="row">{station}</th>
              {blocks.map((block, at) => (
                <td key={block.from}>
                  {places
                    .filter((place) => place.station === station && place.block === at)
                    .map(({ worker, name }) => (
                      <div key={worker} className={isNew(places, station, worker, at) ? "is-new" : undefined}>
                        {name ?? worker}
                      </div>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

const isNew = (places: NonNullable<Rotation["places"]>, station: string, worker: string, block: number): boolean =>
  block > 0 && !places.some((place) => place.station === station && place.worker === worker && place.block === block - 1);
