<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace ltiservice_completion\local;

use ltiservice_completion\local\service\completion;

/**
 * What a page says of the completion that only the tool can tick.
 *
 * Moodle has one sentence for its condition, Receive a grade, and offers no plugin of this kind
 * another. There is no grade here, so the pages that show the condition to learners and teachers
 * are corrected in the browser. Without JavaScript they show Moodle's sentence; nothing else
 * depends on this.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class words {
    /**
     * The hook that Moodle 4.4 and later call at the end of every page.
     *
     * @param \core\hook\output\before_footer_html_generation $hook not needed.
     */
    public static function before_footer(\core\hook\output\before_footer_html_generation $hook): void {
        self::correct_page();
    }

    /**
     * Correct the course page, or the activity's own page, if this is one.
     */
    public static function correct_page(): void {
        global $PAGE;
        $onactivity = $PAGE->cm && $PAGE->cm->modname === 'lti';
        if (!$onactivity && strpos($PAGE->pagetype, 'course-view') !== 0) {
            return;
        }
        $labels = [];
        foreach (self::activities($PAGE->course) as $cmid => $toolname) {
            $labels[$cmid] = get_string('completeintool', 'ltiservice_completion', $toolname);
        }
        if ($labels) {
            $PAGE->requires->js_amd_inline(self::script($labels));
        }
    }

    /**
     * The activities of a course that complete in their tool alone.
     *
     * @param \stdClass $course the course.
     * @return string[] the name of the tool for each course module.
     */
    private static function activities(\stdClass $course): array {
        global $CFG, $DB;
        $cms = array_filter(
            get_fast_modinfo($course)->get_instances_of('lti'),
            function (\cm_info $cm): bool {
                return (int) $cm->completion === COMPLETION_TRACKING_AUTOMATIC && !is_null($cm->completiongradeitemnumber);
            }
        );
        if (!$cms) {
            return [];
        }
        require_once($CFG->dirroot . '/mod/lti/locallib.php');
        $found = [];
        $names = []; // Asked once for each tool: a course page may have many activities.
        foreach ($DB->get_records_list('lti', 'id', array_keys($cms)) as $lti) {
            if (link::has_grade($lti)) {
                continue;
            }
            $tool = $lti->typeid ?: "$lti->toolurl $lti->securetoolurl";
            $names[$tool] ??= self::tool_name($lti);
            if ($names[$tool] !== '') {
                $found[$cms[$lti->id]->id] = $names[$tool];
            }
        }
        return $found;
    }

    /**
     * The name of an activity's tool, if this plugin sets up the completion of its activities.
     *
     * @param object $lti the activity.
     * @return string empty for other tools.
     */
    private static function tool_name(object $lti): string {
        $type = link::type_of($lti);
        return $type && completion::sets_up($type->id) ? format_string($type->name) : '';
    }

    /**
     * The script. It looks again after changes: a course page in edit mode draws its items anew.
     *
     * @param string[] $labels the right words for each course module.
     * @return string
     */
    private static function script(array $labels): string {
        $labels = json_encode($labels, JSON_HEX_TAG);
        $wrong = json_encode(get_string('detail_desc:receivegrade', 'completion'), JSON_HEX_TAG);
        return <<<JS
            const labels = {$labels}, wrong = {$wrong};
            const correct = () => Object.entries(labels).forEach(([cmid, right]) => {
                const places = '[data-for="cmitem"][data-id="' + cmid + '"], '
                    + 'body.cmid-' + cmid + ' [data-region="activity-information"]';
                document.querySelectorAll(places).forEach(place => {
                    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
                    while (texts.nextNode()) {
                        if (texts.currentNode.data.trim() === wrong) {
                            texts.currentNode.data = right;
                        }
                    }
                    ['title', 'aria-label'].forEach(name => {
                        place.querySelectorAll('[' + name + '*="' + CSS.escape(wrong) + '"]').forEach(element => {
                            element.setAttribute(name, element.getAttribute(name).replace(wrong, right));
                        });
                    });
                });
            });
            correct();
            new MutationObserver(correct).observe(document.body, {childList: true, subtree: true});
        JS;
    }
}
