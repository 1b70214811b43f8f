export { PACKML_MODES, PACKML_STATES, packmlTag } from "./packml-tags.ts";
