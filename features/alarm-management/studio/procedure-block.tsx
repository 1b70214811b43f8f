import type { ReactNode } from "react";
import {
  AddressLink,
  answerOf,
  CardPart,
  durationText,
  Failure,
  inLanguage,
  numberText,
  SECOND,
  useLoad,
  useStore,
  useStudio,
  useWords,
  withUnit,
  type AlarmOfBlock,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { DatabaseAlarm } from "../contract.ts";
import { formatManagement } from "./management-address.ts";
import { StateBadge } from "./state-badge.tsx";
import "./management.css";

/** The response procedure of an alarm (ISA-18.2, 9.3): what to do, why, and how much time is left. */
export default function ProcedureBlock({ alarm }: { readonly alarm: AlarmOfBlock }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(
    answerOf(calls.procedure, { params: { id: alarm.rule }, query: { branch } }, { kinds: ["alarmRule", "alarmEntry", "alarmPhilosophy"] }),
  );
  if (loaded.value !== undefined) return <Procedure alarm={alarm} known={loaded.value} />;
  if (loaded.kind !== "failed") return null;
  return loaded.code === "DW_NOT_FOUND" ? (
    <p className="dw-quiet">{t("alarmManagement.procedure.none")}</p>
  ) : (
    <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
  );
}

function Procedure({ alarm, known }: { readonly alarm: AlarmOfBlock; readonly known: DatabaseAlarm }): ReactNode {
  const { t, language } = useWords();
  const isApproved = known.approved !== undefined;
  const said = isApproved ? known.fields! : (known.running ?? known.fields!);
  const { setpoint } = said;
  const basis = isApproved ? known.fields!.setpointBasis : "";
  return (
    <CardPart title={t("alarmManagement.procedure")}>
      <p className="dw-procedure-response">{inLanguage(said.response, language)}</p>
      <dl className="dw-procedure">
        <dt>{t("alarmManagement.timeToRespond")}</dt>
        <dd>
          <TimeLeft alarm={alarm} timeToRespondS={said.timeToRespondS} />
        </dd>
        <dt>{t("alarmManagement.cause")}</dt>
        <dd>{inLanguage(said.cause, language)}</dd>
        <dt>{t("alarmManagement.consequence")}</dt>
        <dd>{inLanguage(said.consequence, language)}</dd>
        {setpoint !== undefined && (
          <>
            <dt>{t("alarmManagement.setpoint")}</dt>
            <dd>{[withUnit(numberText(setpoint), known.unit), basis].filter((text) => text !== "").join(" · ")}</dd>
          </>
        )}
      </dl>
      <p className="dw-management-standing">
        <StateBadge alarm={known} />
        {!isApproved && <small>{t("alarmManagement.procedure.notApproved")}</small>}
        <span className="dw-grow" />
        <AddressLink to={{ view: "alarm-management", detail: formatManagement({ tab: "database", rest: [known.id] }) }}>
          {t("alarmManagement.procedure.open")}
        </AddressLink>
      </p>
    </CardPart>
  );
}

/** Of an alarm that waits: how much is left, or since when it is over. */
function TimeLeft({ alarm, timeToRespondS }: { readonly alarm: AlarmOfBlock; readonly timeToRespondS: number }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const now = useStore(studio.snapshot)?.instant ?? studio.now();
  const left = alarm.raised + timeToRespondS * SECOND - now;
  const whole = t("alarmManagement.procedure.within", { duration: durationText(timeToRespondS * SECOND, language) });
  if (!alarm.isWaiting) return whole;
  return (
    <>
      {whole} ·{" "}
      <b className={left < 0 ? "dw-management-differs" : undefined}>
        {t(left < 0 ? "alarmManagement.procedure.over" : "alarmManagement.procedure.left", {
          duration: durationText(Math.abs(left), language),
        })}
      </b>
    </>
  );
}
