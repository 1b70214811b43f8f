import { UnstyledButton } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { durationText, messageText, momentText, useStudio, useWords, zoneText, type Zone } from "@doppelwerk/kit/studio";
import type { FigureAudit } from "@doppelwerk/ports";
import { FigureInputs } from "./figure-inputs.tsx";
import { printedOf } from "../model/printed-formula.ts";
import { equationText, formulaText, quantityText } from "./quantity.ts";

export interface AuditQuestion {
  readonly line?: string | undefined;
  readonly place?: string | undefined;
  readonly t?: number;
}

/** One figure: its value and formula; opened, its span, rule, terms and inputs. */
export function FigureSection({
  figure,
  question,
  zone,
  isOpen,
}: {
  readonly figure: FigureAudit;
  readonly question: AuditQuestion;
  readonly zone: Zone;
  readonly isOpen: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const head = useRef<HTMLButtonElement>(null);
  // a link leads to its figure
  useEffect(() => {
    if (isOpen) head.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <div className={`dw-audit-figure ${isOpen ? "is-open" : ""}`}>
      <UnstyledButton
        ref={head}
        className="dw-audit-figure-head"
        aria-expanded={isOpen}
        onClick={() => studio.address.amend({ audit: isOpen ? "" : figure.id })}
      >
        <span>{messageText("", figure.title)}</span>
        <b>{quantityText(figure.value, figure.unit, t, printedOf(figure).more)}</b>
        <small>
          {equationText(figure, t) ?? (figure.value === undefined && figure.notes[0] ? messageText("", figure.notes[0]) : undefined)}
        </small>
      </UnstyledButton>
      {isOpen && <OpenFigure figure={figure} question={question} zone={zone} />}
    </div>
  );
}

function OpenFigure({ figure, question, zone }: Omit<Parameters<typeof FigureSection>[0], "isOpen">): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { from, to, standard, terms, notes, facts = [] } = figure;
  const formula = formulaText(figure);
  const { more } = printedOf(figure);
  return (
    <div className="dw-audit-open">
      <p>
        <b>{standard === undefined ? t("audit.rule") : t("audit.standard", { standard })}</b> {messageText("", figure.rule)}
      </p>
      <p className="dw-quiet">
        {to === from
          ? t("audit.instant", { at: momentText(from, zone, language), zone: zoneText(from, zone) })
          : t("audit.span", {
              from: momentText(from, zone, language),
              to: momentText(to, zone, language),
              duration: durationText(to - from, language),
              zone: zoneText(from, zone),
            })}
      </p>
      {formula !== undefined && (
        <ul className="dw-audit-terms" aria-label={formula}>
          {terms.map(({ title, value, unit, figure: other }, index) => (
            <li key={index}>
              {other === undefined ? (
                <span>{messageText("", title)}</span>
              ) : (
                <UnstyledButton className="dw-text-link" onClick={() => studio.address.amend({ audit: other })}>
                  {messageText("", title)}
                </UnstyledButton>
              )}
              <b>{quantityText(value, unit, t, more)}</b>
            </li>
          ))}
        </ul>
      )}
      {facts.map((fact, index) => (
        <p key={index}>{messageText("", fact)}</p>
      ))}
      {notes.map((note, index) => (
        <p key={index} className="dw-finding">
          {messageText("", note)}
        </p>
      ))}
      <FigureInputs figure={figure} question={question} zone={zone} />
    </div>
  );
}
