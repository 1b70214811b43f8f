import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  ScrollRegion,
  useLoad,
  useScope,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { MatrixCell, SkillMatrix } from "../contract.ts";
import type {} from "../message-codes.ts";
import { QualificationDialog, type EditedQualification } from "./qualification-dialog.tsx";
import { KINDS, useDay } from "./use-day.ts";

type Row = SkillMatrix["rows"][number];
type Skill = SkillMatrix["skills"][number];

/** Who has which skill until when; what runs out within a month is marked, what ran out is not valid. */
export function SkillsView(): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const { day, at } = useDay();
  const [wanted, setWanted] = useState("");
  const [isMarked, setMarked] = useState(false);
  const [edited, setEdited] = useState<EditedQualification>();
  const loaded = useLoad({
    key: ["GET /personnel/skills", branch, day, at],
    run: ({ client }, signal) => calls.skills(client, { query: { branch, date: day, ...(at !== undefined && { t: at }) } }, { signal }),
    changedBy: { kinds: KINDS },
  });
  const matrix = loaded.value;
  if (matrix === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (matrix.skills.length === 0) return <Empty title={t("personnel.noSkills")} text={t("personnel.noSkillsText")} />;
  const rows = matrix.rows.filter((row) => isWanted(row, wanted) && (!isMarked || row.cells.some(runsOut)));
  return (
    <>
      <header className="dw-personnel-head">
        <TextInput
          size="sm"
          aria-label={t("personnel.searchWorker")}
          placeholder={t("personnel.searchWorker")}
          value={wanted}
          onChange={({ currentTarget: { value } }) => setWanted(value)}
        />
        <Checkbox label={t("personnel.onlyMarked")} checked={isMarked} onChange={({ currentTarget: { checked } }) => setMarked(checked)} />
        <span className="dw-grow" />
        {matrix.isKeeper && (
          <Button size="sm" variant="default" onClick={() => setEdited({})}>
            {t("personnel.addQualification")}
          </Button>
        )}
      </header>
      <NotReadAgain loaded={loaded} />
      {matrix.rows.length > 0 && (
        <Card title={t("personnel.matrix")} note={t("personnel.matrixNote")}>
          <Legend />
          <Matrix matrix={matrix} rows={rows} onEdit={matrix.isKeeper ? setEdited : undefined} />
        </Card>
      )}
      {matrix.withheld > 0 && <p className="dw-note">{t("personnel.withheldRows", { count: matrix.withheld })}</p>}
      <SkillList skills={matrix.skills} />
      {edited !== undefined && (
        <QualificationDialog edited={edited} matrix={matrix} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
      )}
    </>
  );
}

const runsOut = ({ validity }: MatrixCell): boolean => validity === "expiring" || validity === "expired";

function isWanted({ worker, name = "", cells }: Row, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === "" || [worker, name, ...cells.map(({ skill }) => skill)].some((each) => each.toLowerCase().includes(text));
}

function Legend(): ReactNode {
  const { t } = useWords();
  return (
    <ul className="dw-skill-legend">
      {(["valid", "expiring", "expired", "notYet"] as const).map((validity) => (
        <li key={validity}>
          <span className={`dw-skill-level is-${validity}`} aria-hidden>
            3
          </span>
          {t(`personnel.validity.${validity}`)}
        </li>
      ))}
    </ul>
  );
}

function Matrix({
  matrix,
  rows,
  onEdit,
}: {
  readonly matrix: SkillMatrix;
  readonly rows: readonly Row[];
  readonly onEdit: ((edited: EditedQualification) => void) | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const shown = matrix.skills.filter(({ skill }) => rows.some(({ cells }) => cells.some((cell) => cell.skill === skill)));
  return (
    <ScrollRegion label={t("personnel.matrix")} className="dw-skill-matrix">
      <table aria-label={t("personnel.matrix")}>
        <thead>
          <tr>
            <th scope="col">{t("personnel.column.worker")}</th>
            {shown.map(({ skill, title }) => (
              <th key={skill} scope="col" className="dw-skill-title">
                <span>{inLanguage(title, language)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.worker} className={row.isMe ? "is-me" : undefined}>
              <th scope="row">
                {row.name ?? row.worker} <small>{[row.name && row.worker, row.team].filter(Boolean).join(" · ")}</small>
              </th>
              {shown.map((skill) => {
                const cell = row.cells.find((each) => each.skill === skill.skill);
                return <td key={skill.skill}>{cell !== undefined && <Level cell={cell} row={row} skill={skill} onEdit={onEdit} />}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Level({
  cell,
  row,
  skill,
  onEdit,
}: {
  readonly cell: MatrixCell;
  readonly row: Row;
  readonly skill: Skill;
  readonly onEdit: ((edited: EditedQualification) => void) | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const { level, validity, fields } = cell;
  const given = { skill: inLanguage(skill.title, language), level, validity: t(`personnel.validity.${validity}`) };
  const text =
    fields.validUntil === undefined ? t("personnel.cellHint", given) : t("personnel.cellUntil", { ...given, day: fields.validUntil });
  const label = `${row.name ?? row.worker}: ${text}`;
  const look = `dw-skill-level is-${validity}`;
  if (onEdit === undefined)
    return (
      <span className={look} title={label}>
        {level}
      </span>
    );
  return (
    <button type="button" className={look} title={label} aria-label={label} onClick={() => onEdit({ fields })}>
      {level}
    </button>
  );
}

function SkillList({ skills }: { readonly skills: readonly Skill[] }): ReactNode {
  const { t, language } = useWords();
  const columns: readonly Column<Skill>[] = [
    {
      title: t("personnel.column.skill"),
      cell: ({ title, skill, stations }) => (
        <>
          {inLanguage(title, language)}
          {title.en !== skill && <small> {skill}</small>}
          {stations.length > 0 && (
            <small className="dw-skill-stations">{t("personnel.requiredAt", { stations: stations.join(", ") })}</small>
          )}
        </>
      ),
      sortBy: ({ title }) => inLanguage(title, language),
    },
    { title: t("personnel.skillPeople"), isNumber: true, cell: ({ people }) => people, sortBy: ({ people }) => people },
    {
      title: t("personnel.skillExpiring"),
      isNumber: true,
      cell: ({ expiring }) => (expiring === 0 ? "–" : <b className="dw-skill-expiring">{expiring}</b>),
      sortBy: ({ expiring }) => expiring,
    },
    {
      title: t("personnel.skillExpired"),
      isNumber: true,
      cell: ({ expired }) => (expired === 0 ? "–" : <b className="dw-skill-expired">{expired}</b>),
      sortBy: ({ expired }) => expired,
    },
  ];
  return (
    <Card title={t("personnel.skillList")}>
      <DataTable caption={t("personnel.skillList")} columns={columns} rows={skills} keyOf={({ skill }) => skill} />
    </Card>
  );
}
