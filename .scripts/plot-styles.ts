// Observable Plot 0.6.17 puts one constant style sheet into each figure and one into each colour legend. The content security
// policy, of the page and of the tests' pages, allows these two by their hashes and no other inline style.

/** Sources for `style-src`. */
export const PLOT_STYLES =
  "'sha256-jSYQUrW7J0b3jPqhZP9C2Xh1PyJKHKXd4s0fpGGKrww=' 'sha256-/jg3HOQ97BIOLIR7iXhepLJanBbw11P39q1Ne1E+6Jc='";
