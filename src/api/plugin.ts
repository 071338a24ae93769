/**
 * How a plugin presents itself: one descriptor, from which the plugin table is made. Built-ins and strangers use the same. A module of
 * `plugin.path` exports descriptors, one by one or as a list. It never runs on the main thread: it is loaded by one thread at the start,
 * which looks at it, and then in each thread of a connector, validation or task that uses it, so these share no variables.
 *
 * The functions that create are synchronous and cheap: one instance of each is made at the start, only to be inspected; 15 seconds after
 * its loading began, a module is given up.
 */

import type { Props, SinkConnector, SourceConnector } from './connector';
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

/** A file that settings name, by the key that does. */
export interface NamedFile {
  readonly key: string;
  readonly file: string;
}

interface ConnectorPluginBase extends PluginBase {
  /** Shown in messages and handed to tasks as `task.class`. */
  readonly taskClassName: string;
  /**
   * True if no call of its tasks ever blocks its thread: not on a disk that is full, a pipe that nobody reads or a server that is
   * away. Beyond `task.threads.max` such tasks share threads. Only the connectors that come with the worker are asked.
   */
  readonly neverBlocks?: boolean;
  /**
   * The files that settings name, so that `file.allowed.paths` holds them. Only the connectors that come with the worker are asked.
   * @param props resolved and trimmed
   */
  filesOf?(props: Props): readonly NamedFile[];
  /**
   * True if the connector opens files by these settings: then it gets a thread, as those from outside do, and is validated in one, so that
   * no disk can hold up the main thread. Only the connectors that come with the worker are asked.
   * @param props resolved and trimmed
   */
  opensFiles?(props: Props): boolean;
  /** True if short names mean another class of the same simple name, where two come with the worker; this one is found by its full name. */
  readonly fullNameOnly?: boolean;
}

/** A source connector and its task; both are created anew for each use, each in its own thread. */
export interface SourcePlugin extends ConnectorPluginBase {
  readonly type: 'source';
  /** Called on the thread of the connector; for the worker's own connectors that is the main thread. */
  createConnector(): SourceConnector;
  /** Called on the thread of the task, never on the main thread. */
  createTask(): SourceTask;
}

/** A sink connector and its task; as with a source both are created anew for each use. */
export interface SinkPlugin extends ConnectorPluginBase {
  readonly type: 'sink';
  /** Called on the thread of the connector. */
  createConnector(): SinkConnector;
  /** Called on the thread of the task. */
  createTask(): SinkTask;
}

/** A converter of keys and values; one that does for headers too has a second descriptor of the same class. */
export interface ConverterPlugin extends PluginBase {
  readonly type: 'converter';
  /** Called on the thread of each task, once for keys and once for values. */
  create(): Converter;
}

/** A converter of headers. */
export interface HeaderConverterPlugin extends PluginBase {
  readonly type: 'header_converter';
  /** Called on the thread of each task. */
  create(): HeaderConverter;
}

/** A transformation. */
export interface TransformationPlugin extends PluginBase {
  readonly type: 'transformation';
  /** Called on the thread of each task, once for each alias of `transforms` that names it. */
  create(): Transformation;
}

/** A predicate. */
export interface PredicatePlugin extends PluginBase {
  readonly type: 'predicate';
  /** Called on the thread of each task, once for each transformation that it decides about. */
  create(): Predicate;
}

/** A plugin that `connector.class` may name. */
export type ConnectorPlugin = SourcePlugin | SinkPlugin;
/** Any plugin, told apart by `type` (the words of GET /connector-plugins). */
export type Plugin = ConnectorPlugin | ConverterPlugin | HeaderConverterPlugin | TransformationPlugin | PredicatePlugin;
/** What a plugin is, in one word. */
export type PluginType = Plugin['type'];
