import type { MouseEvent, ReactNode } from "react";
import {
  Failure,
  ValueNotes,
  datedText,
  elementLabel,
  formatPlace,
  inLanguage,
  plannedDateText,
  unitText,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { cardSections, spacedName, type CardSection, type CardTable } from "./card-sections.ts";
import { useShellCard, type ShellCard } from "./use-shell-card.ts";
import "./assets.css";

/** One shell as people read it: nameplate, properties with planned values beside as-is, its submodels. */
export function ShellCardView({ shell }: { readonly shell: string }): ReactNode {
  const { t } = useWords();
  const card = useShellCard(shell);
  if (card.kind === "failed") return <Failure message={card.message} code={card.code} onRetry={card.reload} />;
  if (card.value === undefined) return null;
  const { nameplate, installed, properties, submodels, isOfNow } = card.value;
  return (
    <>
      {isOfNow && card.instant !== undefined && <p className="dw-note">{t("assets.ofNow")}</p>}
      {(nameplate.length > 0 || installed !== undefined) && <Nameplate lines={nameplate} installed={installed} />}
      {cardSections(properties).map((section) => (
        <Section
          key={section.name}
          shell={shell}
          section={section}
          submodel={submodels.find(({ idShort }) => idShort === section.name)?.id}
        />
      ))}
      <section className="dw-block">
        <header>
          <h3>{t("assets.submodels")}</h3>
          <span>AAS</span>
        </header>
        <ul className="dw-submodels">
          {submodels.map(({ id, idShort }) => (
            <li key={id}>
              <ShellLink title={id} place={{ shell, submodel: id }}>
                {idShort}
              </ShellLink>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Nameplate({
  lines,
  installed,
}: {
  readonly lines: ShellCard["nameplate"];
  readonly installed: ShellCard["installed"];
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.nameplate")}</h3>
      </header>
      {installed !== undefined && (
        <p className="dw-stands-here">
          <ShellLink title={installed.aasId} place={{ shell: installed.aasId }}>
            {inLanguage(installed.name, language)}
          </ShellLink>
          <small>{t("assets.standsHere", { moment: datedText(installed.from, studio.now(), zone, language) })}</small>
        </p>
      )}
      <dl className="dw-facts">
        {lines.map((line) => (
          <FactLine key={line.label.en} label={elementLabel(line.label, language)} value={inLanguage(line.text, language) || line.value} />
        ))}
      </dl>
    </section>
  );
}

/** Of one submodel: its lists as tables, the rest as lines. */
function Section({
  shell,
  section: { name, parts },
  submodel,
}: {
  readonly shell: string;
  readonly section: CardSection;
  readonly submodel: string | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const title = elementLabel({ en: spacedName(name), zh: spacedName(name) }, language);
  return (
    <section className="dw-block">
      <header>
        <h3 title={name}>
          {submodel === undefined ? (
            title
          ) : (
            <ShellLink title={submodel} place={{ shell, submodel }}>
              {title}
            </ShellLink>
          )}
        </h3>
        <span>{t("assets.asIs")}</span>
      </header>
      {parts.map((part) =>
        part.kind === "table" ? (
          <EntryTable key={`table ${part.name} ${part.rows[0]?.values().next().value?.path}`} table={part} />
        ) : (
          <Facts key={part.lines[0]!.path} shell={shell} lines={part.lines} />
        ),
      )}
    </section>
  );
}

function Facts({ shell, lines }: { readonly shell: string; readonly lines: ShellCard["properties"] }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <dl className="dw-facts">
      {lines.map((property) => (
        <FactLine
          key={property.path}
          label={elementLabel(property.label, language)}
          title={property.path}
          value={valueOf(property, language)}
          note={<ValueNotes shell={shell} name={property.path.slice(property.path.search(/[^/.]+$/))} />}
          {...(property.planned === undefined
            ? {}
            : {
                planned: t("assets.planned", {
                  value: property.planned.value,
                  date: plannedDateText(property.planned.effectiveFrom, zone, language),
                  owner: property.planned.owner,
                }),
              })}
        />
      ))}
    </dl>
  );
}

function valueOf({ text, value, unit }: ShellCard["properties"][number], language: "en" | "zh"): string {
  return `${inLanguage(text, language) || value}${unit === "" ? "" : `\u202f${unitText(unit)}`}`;
}

function EntryTable({ table: { name, columns, rows } }: { readonly table: CardTable }): ReactNode {
  const { language } = useWords();
  const caption = elementLabel({ en: spacedName(name), zh: spacedName(name) }, language);
  return (
    <div className="dw-card-entries" role="region" aria-label={caption} tabIndex={0}>
      <table className="dw-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ field, label }) => (
              <th key={field} scope="col">
                {elementLabel(label, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.values().next().value?.path}>
              {columns.map(({ field }) => {
                const property = row.get(field);
                return (
                  <td key={field} title={property?.path}>
                    {property !== undefined && valueOf(property, language)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A link into the explorer; in another tab where the reader asks for one. */
function ShellLink({
  title,
  place,
  children,
}: {
  readonly title: string;
  readonly place: Omit<ExplorerPlace, "mode">;
  readonly children: ReactNode;
}): ReactNode {
  const studio = useStudio();
  const detail = formatPlace({ mode: "shells", ...place });
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    studio.address.go({ view: "assets", detail });
  };
  return (
    <a title={title} href={`/assets/${detail}`} onClick={go}>
      {children}
    </a>
  );
}

function FactLine({
  label,
  value,
  title,
  planned,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly title?: string;
  readonly planned?: string;
  readonly note?: ReactNode;
}): ReactNode {
  return (
    <>
      <dt title={title}>{label}</dt>
      <dd>
        {value}
        {planned !== undefined && <small className="dw-planned">{planned}</small>}
        {note}
      </dd>
    </>
  );
}
