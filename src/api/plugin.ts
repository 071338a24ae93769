/**
 * How a plugin presents itself: one descriptor, from which the plugin table is made. Built-ins and strangers use the same. A module of
 * `plugin.path` exports descriptors, one by one or as a list. It never runs on the main thread: it is loaded by one thread at the start,
 * which looks at it, and then in each thread of a connector, validation or task that uses it, so these share no variables.
 *
 * The functions that create are synchronous and cheap: one instance of each is made at the start, only to be looked at; 15 seconds after
 * its loading began, a module is given up.
 */

import type { SinkConnector, SourceConnector } from './connector';
import type { Converter, HeaderConverter } from './converter';
import type { SinkTask } from './sink';
import type { SourceTask } from './source';
import type { Predicate, Transformation } from './transformation';

interface PluginBase {
  /** Full Java class name under which users know it; inner classes as `Outer$Inner`. */
  readonly className: string;
  /** Shown in REST, and compared with the ranges of `plugin.version` settings. */
  readonly version: string;
}

interface ConnectorPluginBase extends PluginBase {
  /**
   * True if no call of its tasks ever blocks its thread: not on a disk that is full, a pipe that nobody reads or a server that is
   * away. Beyond `task.threads.max` such tasks share threads. Only the connectors that come with the worker are asked.
   */
  readonly neverBlocks?: boolean;
  /** True if short names mean another class of the same simple name, where two come with the worker; this one is found by its full name. */
  readonly fullNameOnly?: boolean;
}

/** A source connector and its task; both are created anew for each use, each in its own thread. */
export interface SourcePlugin extends ConnectorPluginBase {
  readonly type: 'source';
  /** Shown in messages and handed to tasks as `task.class`. */
  readonly taskClassName: string;
  /** Called on the thread of the connector; for the worker's own connectors that is the main thread. */
  createConnector(): SourceConnector;
  /** Called on the thread of the task, never on the main thread. */
  createTask(): SourceTask;
}

/** A sink connector and its task. */
export interface SinkPlugin extends ConnectorPluginBase {
  readonly type: 'sink';
  readonly taskClassName: string;
  createConnector(): SinkConnector;
  createTask(): SinkTask;
}

export interface ConverterPlugin extends PluginBase {
  readonly type: 'converter';
  create(): Converter;
}

export interface HeaderConverterPlugin extends PluginBase {
  readonly type: 'header_converter';
  create(): HeaderConverter;
}

export interface TransformationPlugin extends PluginBase {
  readonly type: 'transformation';
  create(): Transformation;
}

export interface PredicatePlugin extends PluginBase {
  readonly type: 'predicate';
  create(): Predicate;
}

export type ConnectorPlugin = SourcePlugin | SinkPlugin;
/** Any plugin, told apart by `type` (the words of GET /connector-plugins). */
export type Plugin = ConnectorPlugin | ConverterPlugin | HeaderConverterPlugin | TransformationPlugin | PredicatePlugin;
export type PluginType = Plugin['type'];
