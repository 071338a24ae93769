/** Request bodies: from text to checked values. Whatever is wrong is the client's mistake (400); Java answers some of it with 500. */

import { parseJson } from '../config/files/exact-json';
import { hasHalfCharacter, visibleHalves } from '../config/validation/connector-name';
import { ConnectError } from '../errors';
import type { TargetState } from '../herder/connector-runner';
import type { RawConfig } from '../herder/ports';
import { javaTrim } from '../java/trim';

/** POST /connectors. */
export interface CreateRequest {
  readonly name: string;
  readonly config: RawConfig;
  readonly initialState: TargetState | undefined;
}

const INITIAL_STATES: Readonly<Record<string, TargetState | undefined>> = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' };

/** @throws ConnectError (BadRequestException) */
export function parseCreateRequest(body: string): CreateRequest {
  const fields = assertObject(parseBody(body), 'The body');
  const unknown = Object.keys(fields).find(field => !['name', 'config', 'initial_state'].includes(field));
  if (unknown !== undefined) {
    throw badRequest(`Unrecognized field "${unknown}" (3 known properties: "config", "name", "initial_state")`);
  }
  if (fields.config === undefined || fields.config === null) throw badRequest("The field 'config' is missing");
  const name = javaTrim(scalarText(fields.name ?? '', 'name') ?? '');
  const config = toConfig(assertObject(fields.config, "The field 'config'"));
  return { name, config, initialState: toInitialState(fields.initial_state) };
}

/** A flat map of settings; numbers and booleans become text as they are spelled. @throws ConnectError (BadRequestException) */
export function parseConfig(body: string): RawConfig {
  return toConfig(assertObject(parseBody(body), 'The body'));
}

/**
 * Settings with the connector's name among them.
 * @throws ConnectError (BadRequestException) if they name another connector
 */
export function withName(name: string, config: RawConfig): RawConfig {
  const included = config.name ?? name;
  if (included !== name) {
    throw badRequest(`Connector name configuration (${included}) doesn't match connector name in the URL (${name})`);
  }
  return { ...config, name };
}

/** Any JSON, integers as bigint. @throws ConnectError (BadRequestException) */
export function parseExact(body: string): unknown {
  if (body.trim() === '') throw badRequest('A JSON body is required');
  return parseJson(body);
}

function parseBody(body: string): unknown {
  if (body.trim() === '') throw badRequest('A JSON body is required');
  return parseJson(body, spelling => spelling);
}

/**
 * Of one connector. Each message about a setting is searched for the values of all settings with variables, so the work grows by the
 * square.
 */
const MAX_SETTINGS = 2000;

function toConfig(map: Record<string, unknown>): RawConfig {
  const given = Object.entries(map);
  if (given.length > MAX_SETTINGS) throw badRequest(`${given.length} settings are too many: at most ${MAX_SETTINGS} are allowed`);
  return Object.fromEntries(given.map(([key, value]) => [wholeText(key, key), scalarText(value, key)]));
}

/** Half a character would be written as another one, and a file or topic of that name would not be found again. */
function wholeText(text: string, field: string): string {
  if (!hasHalfCharacter(text)) return text;
  throw badRequest(`The setting '${visibleHalves(field)}' holds half of a character beyond U+FFFF: ${visibleHalves(text).slice(0, 200)}`);
}

function scalarText(value: unknown, field: string): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return wholeText(value, field);
  if (typeof value === 'boolean') return String(value);
  throw badRequest(
    `The value of '${field}' must be a string, a number, or a boolean; found ${Array.isArray(value) ? 'an array' : 'an object'}`,
  );
}

function toInitialState(value: unknown): TargetState | undefined {
  if (value === undefined || value === null) return undefined;
  const state = typeof value === 'string' ? INITIAL_STATES[value.toUpperCase()] : undefined;
  if (state) return state;
  const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  throw badRequest(`Unknown initial_state ${shown}: expected RUNNING, PAUSED or STOPPED`);
}

function assertObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw badRequest(`${what} must be a JSON object`);
}

function badRequest(message: string): ConnectError {
  return new ConnectError('BadRequestException', message);
}
