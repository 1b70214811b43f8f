import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RequestClass } from "@doppelwerk/client";
import { Card, momentText, useWords } from "@doppelwerk/kit/studio";

/** What each property class of the changes requires: who approved it until when, and how many are missing. */
export function ClassesCard({ classes }: { readonly classes: readonly RequestClass[] }): ReactNode {
  const { t } = useWords();
  if (classes.length === 0) return null;
  return (
    <Card title={t("changes.classes")} note={t("changes.classes.note")}>
      {classes.map((one) => (
        <ClassPart key={one.id} of={one} />
      ))}
    </Card>
  );
}

function ClassPart({ of }: { readonly of: RequestClass }): ReactNode {
  const { t, language, zone } = useWords();
  const { name, roles, approvers, missing, presence, authorMayNot, approvals } = of;
  const isMet = missing === 0 && authorMayNot === undefined;
  const Icon = isMet ? IconCircleCheck : IconCircleDashed;
  return (
    <section className={`dw-class ${isMet ? "is-met" : ""}`} aria-label={name}>
      <h4>
        <Icon size={16} aria-hidden /> {name}
        <span className="dw-grow" />
        <span className="dw-class-count">{t("changes.classes.count", { given: approvers - missing, needed: approvers })}</span>
      </h4>
      <p className="dw-quiet">
        {roles.length === 0 ? t("changes.classes.byAnyone") : t("changes.classes.by", { roles: roles.map(roleName).join(", ") })}
        {presence && `, ${t("changes.classes.presence")}`}
      </p>
      {approvals.map(({ by, name: who, until }) => (
        <p key={by}>
          {who}
          {until !== undefined && (
            <span className="dw-quiet"> · {t("changes.classes.until", { moment: momentText(until, zone, language, false) })}</span>
          )}
        </p>
      ))}
      <p>
        {authorMayNot
          ? t("changes.classes.authorMayNot")
          : isMet
            ? t("changes.classes.complete")
            : t("changes.classes.missing", { count: missing })}
      </p>
    </section>
  );

  function roleName(role: string): string {
    return t.or(`settings.role.${role}`, role);
  }
}
