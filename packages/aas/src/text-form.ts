import { isLexical } from "./lexical.ts";
import { isUriReference } from "./uri.ts";

/** Forms that the metamodel asks of some strings beside their length. */
export type TextForm = "idShort" | "language" | "version" | "contentType" | "uri" | "dateTimeUtc" | "duration";

const ID_SHORT = /^[a-zA-Z][a-zA-Z0-9_-]*[a-zA-Z0-9_]$/;
const VERSION = /^(0|[1-9][0-9]*)$/;
/** RFC 5646, as the standard's schema has it. */
const LANGUAGE =
  /^(([a-zA-Z]{2,3}(-[a-zA-Z]{3}(-[a-zA-Z]{3}){0,2})?|[a-zA-Z]{4}|[a-zA-Z]{5,8})(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-(([a-zA-Z0-9]){5,8}|[0-9]([a-zA-Z0-9]){3}))*(-[0-9A-WY-Za-wy-z](-([a-zA-Z0-9]){2,8})+)*(-[xX](-([a-zA-Z0-9]){1,8})+)?|[xX](-([a-zA-Z0-9]){1,8})+|((en-GB-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|i-tao|i-tay|i-tsu|sgn-BE-FR|sgn-BE-NL|sgn-CH-DE)|(art-lojban|cel-gaulish|no-bok|no-nyn|zh-guoyu|zh-hakka|zh-min|zh-min-nan|zh-xiang)))$/;
/** RFC 7231 clause 3.1.1.1. */
const CONTENT_TYPE =
  /^[!#$%&'*+\-.^_`|~0-9a-zA-Z]+\/[!#$%&'*+\-.^_`|~0-9a-zA-Z]+([ \t]*;[ \t]*[!#$%&'*+\-.^_`|~0-9a-zA-Z]+=([!#$%&'*+\-.^_`|~0-9a-zA-Z]+|"([\t !#-[\]-~\x80-\xff]|\\[\t !-~\x80-\xff])*"))*$/;
const TIME_ZONE_UTC = /(Z|\+00:00|-00:00)$/;
/** BCP 47 knows no longest tag; this is beyond all there are, and bounds the work. */
const MAX_LANGUAGE = 2048;

/** Whether the text is of the form. */
export function hasForm(text: string, form: TextForm): boolean {
  switch (form) {
    case "idShort":
      return ID_SHORT.test(text);
    case "language":
      return text.length <= MAX_LANGUAGE && LANGUAGE.test(text);
    case "version":
      return VERSION.test(text);
    case "contentType":
      return CONTENT_TYPE.test(text);
    case "uri":
      return isUriReference(text);
    case "dateTimeUtc":
      return TIME_ZONE_UTC.test(text) && isLexical(text, "xs:dateTime");
    case "duration":
      return isLexical(text, "xs:duration");
  }
}

/** Longest content type of the metamodel, in characters. */
export const MAX_CONTENT_TYPE = 128;

/** A media type as the metamodel takes it, with its parameters (RFC 9110, 8.3.1): safe as the value of a header. */
export function isContentType(text: string): boolean {
  return text.length <= MAX_CONTENT_TYPE && CONTENT_TYPE.test(text);
}

/** The constraint that a broken form hurts. */
export function constraintOf(form: TextForm): string {
  return form === "idShort" ? "AASd-002" : "pattern";
}

export { isXmlText } from "./lexical.ts";
