/** Put in by the bundler: the file that holds the whole element, as `./name`. */
declare const FIGURE_FILE: string;
